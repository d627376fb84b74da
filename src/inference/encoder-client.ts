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
  private resting = false;
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
    this.checkPixels(images);
    return this.run(
      images.map((pixels) => ({ kind: 'image', pixels })),
      priority,
    );
  }

  /**
   * How far an image lies in a direction, and what each patch of it adds.
   * @param images as for `embedImages`
   * @param direction float32 [dimensions]
   * @returns float32 [1 + grid²] each: the product with the whole embedding, then the patches' parts, row by row
   * @throws {FigseekError} MODEL_UNAVAILABLE where the package has no support graph
   */
  support(images: readonly Uint8Array[], direction: Float32Array): Promise<Float32Array[]> {
    if (this.model.support === null) {
      throw new FigseekError(
        'MODEL_UNAVAILABLE',
        `The package ${this.model.name} has no support graph: import the model again`,
      );
    }
    this.checkPixels(images);
    return this.run(
      images.map((pixels) => ({ kind: 'support', pixels, direction })),
      'illustration',
    );
  }

  private checkPixels(images: readonly Uint8Array[]): void {
    const expected = this.model.imageSize ** 2 * 3;
    for (const pixels of images) {
      if (pixels.length !== expected) {
        throw new FigseekError('BAD_USER_INPUT', `Expected ${expected} pixel values but received ${pixels.length}`);
      }
    }
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
    return this.run(
      tokens.map((ids) => ({ kind: 'text', ids })),
      priority,
    );
  }

  /** Gives the memory back: the child ends once it has nothing to do, and the next request starts another one. */
  rest(): void {
    this.resting = true;
    if (!this.running && this.starting === null) this.endChild();
  }

  private endChild(): void {
    this.resting = false;
    this.child?.kill();
    this.child = null;
    this.loaded = null;
  }

  /** Ends the child; what waits fails with MODEL_UNAVAILABLE. */
  async close(): Promise<void> {
    this.closed = true;
    this.child?.kill();
    await this.starting?.catch(() => undefined);
    this.failAll(shuttingDown);
  }

  private async run(inputs: readonly Input[], priority: Priority): Promise<Float32Array[]> {
    this.refuseAfterClose();
    if (priority === 'bulk') {
      while (this.queue.lengthOf('bulk') > 0 && this.queue.length + inputs.length > this.options.queue) {
        await new Promise<void>((resolve) => this.waitingForRoom.push(resolve));
        this.refuseAfterClose();
      }
    } else if (this.queue.lengthOf(priority) + inputs.length > this.options.queue) {
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
      if (priority !== 'bulk') this.limitTime(job, resolve, reject);
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
      if (this.resting) this.endChild();
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
    const length = vectors.length / batch.length;
    batch.forEach((job, row) => {
      try {
        const values = vectors.slice(row * length, (row + 1) * length);
        job.resolve(job.input.kind === 'support' ? this.checkedSupport(values) : this.checkedEmbedding(values));
      } catch (error) {
        job.reject(new FigseekError('MODEL_UNAVAILABLE', `The model gave no usable vector: ${messageOf(error)}`));
      }
    });
  }

  private checkedEmbedding(values: Float32Array): Float32Array {
    return checkedUnitVector(values, this.model.dimensions, 'an embedding');
  }

  private checkedSupport(values: Float32Array): Float32Array {
    const expected = 1 + (this.model.support?.grid ?? 0) ** 2;
    if (values.length === expected && values.every(Number.isFinite)) return values;
    throw new Error(`expected ${expected} finite values of support but received ${values.length}`);
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
    const supportGraph = this.model.support?.graph ?? null;
    const { providers, threads } = this.options;
    try {
      // Ten limits: a full-size model is read from disk here, once.
      const graphs = { imageGraph, textGraph, supportGraph };
      const work = { kind: 'load', ...graphs, dimensions, imageSize, providers, threads } as const;
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
