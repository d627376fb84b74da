import type { DualEncoder } from '../domain/dual-encoder.js';
import { FigseekError, messageOf } from '../domain/errors.js';
import { checkedUnitVector } from '../domain/vector.js';
import { ChildGone, InferenceChild } from './child-process.js';
import { JobQueue, toWork, type Input, type Job, type Priority } from './job-queue.js';
import type { Loaded, ProviderFailure, ProviderName } from './messages.js';

export interface EncoderOptions {
  readonly providers: readonly ProviderName[];
  readonly threads: number;
  /** Most inputs of one run. */
  readonly batch: number;
  /** Time limit of one run, and of an interactive input's wait in the queue. */
  readonly timeoutMs: number;
  /** Most inputs that may wait; interactive ones past it are refused, bulk ones wait. */
  readonly queue: number;
  /** The child's entry file; another one only in tests of its death. */
  readonly entry?: string;
}

const shuttingDown = 'The server is shutting down';

export interface EncoderStatus {
  readonly ready: boolean;
  readonly provider: ProviderName | null;
  readonly failures: readonly ProviderFailure[];
  readonly restarts: number;
  readonly queued: number;
}

/**
 * Embeds images and texts by a dual encoder that runs in a child process. Requests join in batches; interactive ones
 * go first. When the child dies its requests are tried once more, each alone, and then fail with MODEL_UNAVAILABLE.
 */
export class EncoderClient {
  private readonly queue = new JobQueue();
  private child: InferenceChild | null = null;
  private loaded: Loaded | null = null;
  private starting: Promise<void> | null = null;
  private running = false;
  private closed = false;
  private restarts = 0;
  private waitingForRoom: (() => void)[] = [];

  constructor(
    readonly model: DualEncoder,
    private readonly options: EncoderOptions,
  ) {}

  /** Starts the child and loads the model. @throws {FigseekError} MODEL_UNAVAILABLE with the reason */
  async start(): Promise<void> {
    this.starting ??= this.launch().finally(() => (this.starting = null));
    await this.starting;
  }

  status(): EncoderStatus {
    return {
      ready: this.loaded !== null,
      provider: this.loaded?.provider ?? null,
      failures: this.loaded?.failures ?? [],
      restarts: this.restarts,
      queued: this.queue.length,
    };
  }

  /** The child's process number, for tests that end it. */
  get pid(): number | undefined {
    return this.child?.pid;
  }

  /** @param images uint8 [size, size, 3] each, from the model's `preprocess` @returns one unit vector each */
  embedImages(images: readonly Uint8Array[], priority: Priority): Promise<Float32Array[]> {
    const expected = this.model.imageSize ** 2 * 3;
    for (const pixels of images) {
      if (pixels.length !== expected) {
        throw new FigseekError('BAD_USER_INPUT', `Expected ${expected} pixel values but received ${pixels.length}`);
      }
    }
    return this.embed(
      images.map((pixels) => ({ kind: 'image', pixels })),
      priority,
    );
  }

  /** @returns one unit vector a text */
  embedTexts(texts: readonly string[], priority: Priority): Promise<Float32Array[]> {
    return this.embedTokens(
      texts.map((text) => this.model.tokenize(text)),
      priority,
    );
  }

  /** @param tokens token ids with the special tokens @returns one unit vector each */
  embedTokens(tokens: readonly Int32Array[], priority: Priority): Promise<Float32Array[]> {
    for (const { length } of tokens) {
      if (length < 1 || length > this.model.contextLength) {
        throw new FigseekError(
          'BAD_USER_INPUT',
          `Expected 1 to ${this.model.contextLength} token ids but received ${length}`,
        );
      }
    }
    return this.embed(
      tokens.map((ids) => ({ kind: 'text', ids })),
      priority,
    );
  }

  /** Ends the child; what waits fails with MODEL_UNAVAILABLE. */
  async close(): Promise<void> {
    this.closed = true;
    this.child?.kill();
    await this.starting?.catch(() => undefined);
    this.failAll(shuttingDown);
  }

  private async embed(inputs: readonly Input[], priority: Priority): Promise<Float32Array[]> {
    this.refuseAfterClose();
    if (priority === 'bulk') {
      while (this.queue.lengthOf('bulk') > 0 && this.queue.length + inputs.length > this.options.queue) {
        await new Promise<void>((resolve) => this.waitingForRoom.push(resolve));
        this.refuseAfterClose();
      }
    } else if (this.queue.lengthOf('interactive') + inputs.length > this.options.queue) {
      throw new FigseekError(
        'RATE_LIMITED',
        `${this.options.queue} requests wait for the model; try again in a moment`,
      );
    }
    const vectors = inputs.map((input) => this.enqueue(input, priority));
    void this.pump();
    return Promise.all(vectors);
  }

  private refuseAfterClose(): void {
    if (this.closed) throw new FigseekError('MODEL_UNAVAILABLE', shuttingDown);
  }

  private enqueue(input: Input, priority: Priority): Promise<Float32Array> {
    return new Promise((resolve, reject) => {
      const job: Job = { input, priority, resolve, reject, crashes: 0 };
      if (priority === 'interactive') this.limitTime(job, resolve, reject);
      this.queue.add(job);
    });
  }

  private limitTime(job: Job, resolve: Job['resolve'], reject: Job['reject']): void {
    const timer = setTimeout(() => {
      this.queue.remove(job);
      reject(new FigseekError('TIMEOUT', `The model did not answer within ${this.options.timeoutMs} ms`));
    }, this.options.timeoutMs);
    job.resolve = (vector) => {
      clearTimeout(timer);
      resolve(vector);
    };
    job.reject = (error) => {
      clearTimeout(timer);
      reject(error);
    };
  }

  /** Sends batch after batch while jobs wait; one batch is in flight at a time, as one run uses all threads. */
  private async pump(): Promise<void> {
    if (this.running) return;
    this.running = true;
    try {
      while (this.queue.length > 0) {
        await this.start();
        const batch = this.queue.takeBatch(this.options.batch);
        for (const wake of this.waitingForRoom.splice(0)) wake();
        // The only job may have gone at its time limit while the child was started.
        if (batch.length > 0) await this.runBatch(batch);
      }
    } catch (error) {
      this.failAll(messageOf(error));
    } finally {
      this.running = false;
    }
  }

  private async runBatch(batch: readonly Job[]): Promise<void> {
    const { child } = this;
    if (child === null) {
      this.queue.putBack(batch);
      return;
    }
    const work = toWork(
      batch.map((job) => job.input),
      this.model.imageSize,
    );
    try {
      const answer = await child.ask(work, this.options.timeoutMs);
      if (answer.kind === 'vectors') this.deliver(batch, answer.vectors);
      else rejectAll(batch, 'MODEL_UNAVAILABLE', answer.kind === 'failed' ? answer.message : 'Unexpected answer');
    } catch (error) {
      this.retryAfterCrash(batch, error);
    }
  }

  private deliver(batch: readonly Job[], vectors: Float32Array): void {
    const { dimensions } = this.model;
    batch.forEach((job, row) => {
      try {
        const vector = vectors.slice(row * dimensions, (row + 1) * dimensions);
        job.resolve(checkedUnitVector(vector, dimensions, 'an embedding'));
      } catch (error) {
        job.reject(new FigseekError('MODEL_UNAVAILABLE', `The model gave no usable vector: ${messageOf(error)}`));
      }
    });
  }

  private retryAfterCrash(batch: readonly Job[], error: unknown): void {
    this.forgetChild();
    if (this.closed) {
      rejectAll(batch, 'MODEL_UNAVAILABLE', shuttingDown);
      return;
    }
    if (error instanceof ChildGone && error.timedOut) {
      rejectAll(batch, 'TIMEOUT', `The model did not answer within ${this.options.timeoutMs} ms`);
      return;
    }
    for (const job of batch) job.crashes += 1;
    const again = batch.filter((job) => job.crashes < 2);
    rejectAll(
      batch.filter((job) => job.crashes >= 2),
      'MODEL_UNAVAILABLE',
      `The inference process died twice on this input (${messageOf(error)})`,
    );
    this.queue.putBack(again);
  }

  private async launch(): Promise<void> {
    this.refuseAfterClose();
    if (this.loaded !== null) return;
    const child = new InferenceChild((gone) => {
      this.noteEnd(gone);
    }, this.options.entry);
    this.child = child;
    const { imageGraph, textGraph, dimensions, imageSize } = this.model;
    const { providers, threads } = this.options;
    try {
      // Ten limits: a full-size model is read from disk here, once.
      const work = { kind: 'load', imageGraph, textGraph, dimensions, imageSize, providers, threads } as const;
      const answer = await child.ask(work, this.options.timeoutMs * 10);
      if (answer.kind !== 'loaded') throw new Error(answer.kind === 'failed' ? answer.message : 'Unexpected answer');
      this.loaded = answer.loaded;
    } catch (error) {
      this.forgetChild();
      throw new FigseekError('MODEL_UNAVAILABLE', `The model ${this.model.name} cannot be loaded: ${messageOf(error)}`);
    }
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

function rejectAll(jobs: readonly Job[], code: 'MODEL_UNAVAILABLE' | 'TIMEOUT', message: string): void {
  for (const job of jobs) job.reject(new FigseekError(code, message));
}
