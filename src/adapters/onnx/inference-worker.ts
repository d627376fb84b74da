import { fileURLToPath } from 'node:url';
import { FigseekError, messageOf } from '../../domain/errors.js';
import { WorkerProcess, WorkerExited, shuttingDown } from '../../platform/worker-process.js';
import { JobQueue, type Job } from './job-queue.js';
import type { Answer, ModelFiles, Work } from './messages.js';
import { RunTimings } from './run-timings.js';
import { ProviderHealth, type RunFailure, type FailureDecision } from './provider-health.js';
import type { ProviderFailure, ProviderName, InferenceStatus } from '../../domain/inference-status.js';
import type { Priority } from '../../domain/priority.js';

export interface InferenceOptions {
  readonly providers: readonly ProviderName[];
  readonly threads: number;
  /** Most inputs of one run. */
  readonly batch: number;
  /** Time limit of one run, and of an interactive input's wait in the queue. */
  readonly timeoutMs: number;
  /** Most inputs that may wait; interactive ones past it are refused, bulk ones wait. */
  readonly queue: number;
  /** 0..19: how far the child steps back for others that want a processor. */
  readonly niceness?: number;
  /** The child ends after so long without work, and gives its memory back; it stays where absent. */
  readonly restAfterMs?: number;
  /** Number of the GPU, where there are several; default 0. */
  readonly device?: number;
  /** Most megabytes of the GPU's memory that the child may take; 0, the default, for no limit. */
  readonly gpuMemory?: number;
  /** Told what went wrong where the work goes on all the same: a GPU that was given up. */
  readonly onProblem?: (message: string) => void;
  /** The child's entry file; another one only in tests of its death. */
  readonly entry?: string;
}

/** What a kind of model makes of its inputs. */
export interface ModelWork<Input, Result> {
  /** The package's name, for messages. */
  readonly name: string;
  readonly files: ModelFiles;
  /** Most inputs of a run with this one, where it is not as the options say. */
  most?(input: Input): number;
  /** Inputs of one kind may share a run. */
  kindOf(input: Input): string;
  toWork(inputs: readonly Input[]): Work;
  /** The result of the input number `row` of a run of `count`. @throws {Error} it cannot be used */
  toResult(answer: Answer, row: number, count: number): Result;
}

type InferenceChild = WorkerProcess<Work, Answer>;

interface Loaded {
  readonly provider: ProviderName;
  /** Providers that were preferred and cannot be used here, each with its reason. */
  readonly failures: readonly ProviderFailure[];
}

/**
 * Runs a model in a child process. Requests join in batches; interactive ones go first. When the child dies its
 * requests are tried once more, each alone, and then fail with MODEL_UNAVAILABLE.
 */
export class InferenceWorker<Input, Result> {
  private readonly queue: JobQueue<Input, Result>;
  private readonly trust: ProviderHealth;
  private child: InferenceChild | null = null;
  private loaded: Loaded | null = null;
  private starting: Promise<void> | null = null;
  private running = false;
  private inFlight = 0;
  private closed = false;
  private resting = false;
  private idle: NodeJS.Timeout | undefined;
  private restarts = 0;
  private readonly times = new RunTimings();
  private waitingForRoom: (() => void)[] = [];

  constructor(
    private readonly model: ModelWork<Input, Result>,
    private readonly options: InferenceOptions,
  ) {
    this.queue = new JobQueue((input) => model.kindOf(input));
    this.trust = new ProviderHealth(options.providers, options.onProblem ?? (() => undefined));
  }

  /** Starts the child and loads the model. @throws {FigseekError} MODEL_UNAVAILABLE with the reason */
  async start(): Promise<void> {
    // Whoever starts it wants it: what was to end after the last work stays.
    this.resting = false;
    await this.begin();
  }

  private async begin(): Promise<void> {
    this.starting ??= this.launch().finally(() => (this.starting = null));
    await this.starting;
    if (this.resting && !this.running) this.terminate();
  }

  status(): InferenceStatus {
    return {
      ready: this.loaded !== null,
      provider: this.loaded?.provider ?? null,
      failures: [...this.trust.failures, ...(this.loaded?.failures ?? [])],
      restarts: this.restarts,
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
    return this.child?.pid;
  }

  /** @returns one result an input, in their order @throws {FigseekError} RATE_LIMITED, TIMEOUT, MODEL_UNAVAILABLE */
  async run(inputs: readonly Input[], priority: Priority): Promise<Result[]> {
    this.assertOpen();
    if (priority === 'bulk') {
      while (this.queue.lengthOf('bulk') > 0 && this.queue.length + inputs.length > this.options.queue) {
        await new Promise<void>((resolve) => this.waitingForRoom.push(resolve));
        this.assertOpen();
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

  /** Gives the memory back: the child ends once it has nothing to do, and the next request starts another one. */
  suspend(): void {
    this.resting = true;
    if (!this.running && this.starting === null) this.terminate();
  }

  /** Ends the child; what waits fails with MODEL_UNAVAILABLE. */
  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.idle);
    this.child?.kill();
    await this.starting?.catch(() => undefined);
    this.failAll(shuttingDown);
  }

  private assertOpen(): void {
    if (this.closed) throw new FigseekError('MODEL_UNAVAILABLE', shuttingDown);
  }

  private enqueue(input: Input, priority: Priority): Promise<Result> {
    return new Promise((resolve, reject) => {
      const job: Job<Input, Result> = { input, priority, resolve, reject, crashes: 0, isOver: false, blamed: null };
      if (priority !== 'bulk') this.limitTime(job, resolve, reject);
      this.queue.add(job);
    });
  }

  private limitTime(job: Job<Input, Result>, resolve: (result: Result) => void, reject: (error: Error) => void): void {
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
        // The only job may have gone at its time limit while the child was started.
        this.inFlight = batch.length;
        if (batch.length > 0) await this.runBatch(batch);
        this.inFlight = 0;
      }
    } catch (error) {
      this.failAll(messageOf(error));
    } finally {
      this.running = false;
      if (this.resting) this.terminate();
      else this.suspendLater();
    }
  }

  private suspendLater(): void {
    const { restAfterMs } = this.options;
    if (restAfterMs === undefined) return;
    clearTimeout(this.idle);
    this.idle = setTimeout(() => {
      this.suspend();
    }, restAfterMs);
    this.idle.unref();
  }

  private terminate(): void {
    this.resting = false;
    this.child?.kill();
    this.child = null;
    this.loaded = null;
  }

  private maxBatchFor(first: Input): number {
    const { batch } = this.options;
    return Math.min(this.trust.most(this.model.kindOf(first)), this.model.most?.(first) ?? batch);
  }

  private async runBatch(batch: readonly Job<Input, Result>[]): Promise<void> {
    const { child } = this;
    if (child === null) {
      this.queue.putBack(batch);
      return;
    }
    try {
      const startedAt = performance.now();
      const { answer, ms } = await child.ask(this.model.toWork(batch.map((job) => job.input)), this.options.timeoutMs);
      this.times.add(batch.length, startedAt, ms);
      if (answer.kind === 'failed') this.refuse(batch, { kind: 'error', message: answer.message });
      else this.deliver(batch, answer);
    } catch (error) {
      const isSilent = error instanceof WorkerExited && error.timedOut;
      this.retryAfterEnd(batch, { kind: isSilent ? 'silent' : 'ended', message: messageOf(error) });
    }
  }

  private deliver(batch: readonly Job<Input, Result>[], answer: Answer): void {
    const faults = batch.flatMap((job, row) => {
      try {
        job.resolve(this.model.toResult(answer, row, batch.length));
        return [];
      } catch (error) {
        return [{ job, message: `The model gave no usable answer: ${messageOf(error)}` }];
      }
    });
    const [first] = faults;
    if (first === undefined) {
      this.trust.succeeded();
      return;
    }
    const jobs = faults.map(({ job }) => job);
    this.refuse(jobs, { kind: 'unusable', message: first.message });
  }

  /** What the child answered cannot be used: it lives, and another provider may do better. */
  private refuse(jobs: readonly Job<Input, Result>[], fault: RunFailure): void {
    const verdict = this.classify(fault, jobs);
    if (verdict === 'usual') {
      rejectAll(jobs, 'MODEL_UNAVAILABLE', fault.message);
      this.reinstateProviders(jobs);
      return;
    }
    if (verdict === 'elsewhere') this.failOver(jobs);
    this.queue.putBack(jobs);
  }

  private failOver(jobs: readonly Job<Input, Result>[]): void {
    for (const job of jobs) {
      // The provider is to blame, until the next one fails on the same: no input has been tried yet.
      job.crashes = 0;
      job.blamed = this.loaded?.provider ?? null;
    }
    this.forgetChild();
  }

  /** An input that fails by two providers tells nothing of the first one. */
  private reinstateProviders(jobs: readonly Job<Input, Result>[]): void {
    if (this.trust.reinstate(jobs.flatMap(({ blamed }) => blamed ?? []))) this.forgetChild();
  }

  private classify(fault: RunFailure, jobs: readonly Job<Input, Result>[]): FailureDecision {
    const [first] = jobs;
    if (this.closed || first === undefined) return 'usual';
    const run = { kind: this.model.kindOf(first.input), count: jobs.length };
    return this.trust.failed(this.loaded?.provider ?? 'cpu', fault, run);
  }

  private retryAfterEnd(batch: readonly Job<Input, Result>[], fault: RunFailure): void {
    const verdict = this.classify(fault, batch);
    if (verdict === 'elsewhere') {
      this.failOver(batch);
      this.queue.putBack(batch);
      return;
    }
    this.forgetChild();
    if (this.closed) {
      rejectAll(batch, 'MODEL_UNAVAILABLE', shuttingDown);
      return;
    }
    if (fault.kind === 'silent') {
      rejectAll(batch, 'TIMEOUT', `The model did not answer within ${this.options.timeoutMs} ms`);
      return;
    }
    for (const job of batch) job.crashes += 1;
    const again = batch.filter((job) => job.crashes < 2);
    const fatal = batch.filter((job) => job.crashes >= 2);
    rejectAll(fatal, 'MODEL_UNAVAILABLE', `The inference process died twice on this input (${fault.message})`);
    this.reinstateProviders(fatal);
    this.queue.putBack(again);
  }

  private async launch(): Promise<void> {
    this.assertOpen();
    if (this.loaded !== null) return;
    const { entry = fileURLToPath(new URL('./child.js', import.meta.url)), niceness = 0 } = this.options;
    const child: InferenceChild = new WorkerProcess(
      (gone) => {
        this.noteEnd(gone);
      },
      { entry, name: 'inference process', niceness },
    );
    this.child = child;
    const failures: ProviderFailure[] = [];
    for (const provider of this.trust.usable) {
      const reason = await this.loadBy(provider, child).catch((error: unknown) => {
        this.forgetChild();
        // A provider that takes the process with it is passed over like one that says why not.
        if (!this.closed && this.trust.crashedDuringLoad(provider, messageOf(error))) return 'killed' as const;
        throw this.cannotLoad(messageOf(error));
      });
      if (reason === 'killed') return this.launch();
      if (reason === null) {
        this.loaded = { provider, failures };
        this.trust.loadedBy(provider);
        return;
      }
      failures.push({ provider, reason });
    }
    this.forgetChild();
    const reasons = failures.map(({ provider, reason }) => `${provider}: ${reason}`).join('; ');
    throw this.cannotLoad(`No execution provider could load the model (${reasons})`);
  }

  /** @returns why the provider is not to be used; null where it is loaded @throws {WorkerExited} */
  private async loadBy(provider: ProviderName, child: InferenceChild): Promise<string | null> {
    const { threads, device = 0, gpuMemory = 0, timeoutMs } = this.options;
    const { usable, proven } = this.trust;
    const tries = { provider, isBeforeCpu: usable.includes('cpu'), isProven: proven.includes(provider) };
    const work = { kind: 'load', model: this.model.files, ...tries, threads, device, gpuMemory } as const;
    // Ten limits: a full-size model is read from disk here, once.
    const { answer } = await child.ask(work, timeoutMs * 10);
    if (answer.kind === 'loaded') return null;
    return answer.kind === 'failed' ? answer.message : 'it gave an answer of another kind';
  }

  private cannotLoad(reason: string): FigseekError {
    return new FigseekError('MODEL_UNAVAILABLE', `The model ${this.model.name} cannot be loaded: ${reason}`);
  }

  // Without a request in flight nobody else would see that the process is gone: the next request starts another one.
  private noteEnd(gone: InferenceChild): void {
    if (gone === this.child && !this.running && this.starting === null) this.forgetChild();
  }

  private forgetChild(): void {
    this.child?.kill();
    this.child = null;
    this.loaded = null;
    this.restarts += 1;
  }

  private failAll(message: string): void {
    rejectAll(this.queue.drain(), 'MODEL_UNAVAILABLE', message);
    for (const wake of this.waitingForRoom.splice(0)) wake();
  }
}

function rejectAll(
  jobs: readonly { reject(error: Error): void }[],
  code: 'MODEL_UNAVAILABLE' | 'TIMEOUT',
  message: string,
): void {
  for (const job of jobs) job.reject(new FigseekError(code, message));
}
