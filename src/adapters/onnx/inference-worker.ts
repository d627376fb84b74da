import { FigseekError, messageOf } from '../../domain/errors.js';
import type { InferenceStatus } from '../../domain/inference-status.js';
import type { Priority } from '../../domain/priority.js';
import { WorkerExited, shuttingDown } from '../../platform/worker-process.js';
import type { InferenceOptions, ModelWork } from './inference-options.js';
import { JobQueue, newJob, rejectAll, type Job } from './job-queue.js';
import { ModelProcess } from './model-process.js';
import { ProviderHealth } from './provider-health.js';
import { RunOutcomes } from './run-outcomes.js';
import { RunTimings } from './run-timings.js';

/**
 * Runs a model in a child process. Requests join in batches; interactive ones go first. When the child dies its
 * requests are tried once more, each alone, and then fail with MODEL_UNAVAILABLE.
 */
export class InferenceWorker<Input, Result> {
  private readonly queue: JobQueue<Input, Result>;
  private readonly health: ProviderHealth;
  private readonly process: ModelProcess;
  private readonly outcomes: RunOutcomes<Input, Result>;
  private readonly times = new RunTimings();
  private running = false;
  private inFlight = 0;
  /** Whether the child is to be ended as soon as no work is left. */
  private suspending = false;
  private idle: NodeJS.Timeout | undefined;
  private waitingForRoom: (() => void)[] = [];

  constructor(
    private readonly model: ModelWork<Input, Result>,
    private readonly options: InferenceOptions,
  ) {
    this.queue = new JobQueue((input) => model.kindOf(input));
    this.health = new ProviderHealth(options.providers, options.onProblem ?? (() => undefined));
    this.process = new ModelProcess(model, options, this.health, () => this.running);
    const parts = { model, queue: this.queue, health: this.health, process: this.process };
    this.outcomes = new RunOutcomes(parts, options.timeoutMs);
  }

  /** Starts the child and loads the model. @throws {FigseekError} MODEL_UNAVAILABLE with the reason */
  async start(): Promise<void> {
    // A caller that starts the child wants it to stay, even where it was to be ended after the last work.
    this.suspending = false;
    await this.begin();
  }

  private async begin(): Promise<void> {
    await this.process.start();
    if (this.suspending && !this.running) this.terminate();
  }

  status(): InferenceStatus {
    return {
      ready: this.process.provider !== null,
      provider: this.process.provider,
      failures: [...this.health.failures, ...this.process.loadFailures],
      restarts: this.process.restarts,
      queued: this.queue.length,
      times: this.times.sum,
    };
  }

  /** Inputs that wait or are in the child. */
  get load(): number {
    return this.queue.length + this.inFlight;
  }

  /** The child's process number, for tests that end it. */
  get pid(): number | undefined {
    return this.process.child?.pid;
  }

  /** @returns one result an input, in their order @throws {FigseekError} RATE_LIMITED, TIMEOUT, MODEL_UNAVAILABLE */
  async run(inputs: readonly Input[], priority: Priority): Promise<Result[]> {
    this.process.assertOpen();
    if (priority === 'bulk') {
      while (this.queue.lengthOf('bulk') > 0 && this.queue.length + inputs.length > this.options.queue) {
        await new Promise<void>((resolve) => this.waitingForRoom.push(resolve));
        this.process.assertOpen();
      }
    } else if (this.queue.lengthOf(priority) + inputs.length > this.options.queue) {
      throw new FigseekError(
        'RATE_LIMITED',
        `${this.options.queue} requests wait for the model; try again in a moment`,
      );
    }
    const results = inputs.map((input) => this.enqueue(input, priority));
    void this.dispatchNext();
    return Promise.all(results);
  }

  /** Frees the memory: the child is ended once it has no work, and the next request starts another one. */
  suspend(): void {
    this.suspending = true;
    if (!this.running && !this.process.isStarting) this.terminate();
  }

  /** Ends the child; what waits fails with MODEL_UNAVAILABLE. */
  async close(): Promise<void> {
    clearTimeout(this.idle);
    await this.process.close();
    this.failAll(shuttingDown);
  }

  private enqueue(input: Input, priority: Priority): Promise<Result> {
    return new Promise((resolve, reject) => {
      const job = newJob(input, priority, { resolve, reject });
      if (priority !== 'bulk') this.limitTime(job);
      this.queue.add(job);
    });
  }

  private limitTime(job: Job<Input, Result>): void {
    const { resolve, reject } = job;
    const timer = setTimeout(() => {
      job.isOver = true;
      this.queue.remove(job);
      reject(new FigseekError('TIMEOUT', `The model did not answer within ${this.options.timeoutMs} ms`));
    }, this.options.timeoutMs);
    job.resolve = (result) => {
      clearTimeout(timer);
      resolve(result);
    };
    job.reject = (error) => {
      clearTimeout(timer);
      reject(error);
    };
  }

  /** Sends batch after batch while jobs wait; one batch is in flight at a time, as one run uses all threads. */
  private async dispatchNext(): Promise<void> {
    if (this.running) return;
    this.running = true;
    clearTimeout(this.idle);
    try {
      while (this.queue.length > 0) {
        await this.begin();
        const batch = this.queue.takeBatch((first) => this.maxBatchFor(first));
        for (const wake of this.waitingForRoom.splice(0)) wake();
        // The only job may have reached its time limit while the child was started.
        this.inFlight = batch.length;
        if (batch.length > 0) await this.runBatch(batch);
        this.inFlight = 0;
      }
    } catch (error) {
      this.failAll(messageOf(error));
    } finally {
      this.running = false;
      if (this.suspending) this.terminate();
      else this.suspendLater();
    }
  }

  private suspendLater(): void {
    const { idleTimeoutMs } = this.options;
    if (idleTimeoutMs === undefined) return;
    clearTimeout(this.idle);
    this.idle = setTimeout(() => {
      this.suspend();
    }, idleTimeoutMs);
    this.idle.unref();
  }

  private terminate(): void {
    this.suspending = false;
    this.process.terminate();
  }

  private maxBatchFor(first: Input): number {
    const { batch } = this.options;
    return Math.min(this.health.most(this.model.kindOf(first)), this.model.most?.(first) ?? batch);
  }

  private async runBatch(batch: readonly Job<Input, Result>[]): Promise<void> {
    const { child } = this.process;
    if (child === null) {
      this.queue.putBack(batch);
      return;
    }
    try {
      const startedAt = performance.now();
      const { answer, ms } = await child.ask(this.model.toWork(batch.map((job) => job.input)), this.options.timeoutMs);
      this.times.add(batch.length, startedAt, ms);
      if (answer.kind === 'failed') this.outcomes.refuse(batch, { kind: 'error', message: answer.message });
      else this.outcomes.deliver(batch, answer);
    } catch (error) {
      const isSilent = error instanceof WorkerExited && error.timedOut;
      this.outcomes.retryAfterExit(batch, { kind: isSilent ? 'silent' : 'ended', message: messageOf(error) });
    }
  }

  private failAll(message: string): void {
    rejectAll(this.queue.drain(), 'MODEL_UNAVAILABLE', message);
    for (const wake of this.waitingForRoom.splice(0)) wake();
  }
}
