import { availableParallelism } from 'node:os';
import type { Neighbors, RowBits, SegmentFiles, Work } from './messages.js';
import { PoolThread, unavailable, type Job } from './pool-thread.js';

/** Searches of one shape that wait together cross to a worker in one message. */
const maxBatch = 32;
/** A second message waits in the worker while the first is worked on, so that it is never idle for the way back. */
const messagesInWorker = 2;

/** A search with one query, as the pool takes it; those of one `shape` may share a message. */
export type Query =
  | {
      readonly kind: 'search';
      readonly segment: number;
      readonly k: number;
      readonly ef: number;
      readonly allowed: RowBits;
    }
  | { readonly kind: 'exact'; readonly segment: number; readonly k: number; readonly allowed: RowBits };

/**
 * Worker threads with indexes. What all of them hold is searched by whichever is free; what only one holds goes to that
 * one. A request that was cancelled before its turn costs nothing.
 */
export class WorkerPool {
  private readonly threads: PoolThread[];
  private readonly shared: Job[] = [];
  /** What a worker that takes a dead one's place has to open. */
  private readonly open = new Map<number, (worker: number) => Work>();
  private nextSegment = 1;
  private closed = false;

  constructor(readonly size = availableParallelism()) {
    this.threads = Array.from({ length: size }, (_, worker) => this.start(worker));
  }

  newSegment(): number {
    return this.nextSegment++;
  }

  /** @param only index of the worker that is to do it; whichever is free by default */
  run(
    work: Work,
    options: { readonly only?: number; readonly signal?: AbortSignal | undefined } = {},
  ): Promise<Neighbors> {
    return this.enqueue(work, null, options.only, options.signal);
  }

  /** Work for every worker. */
  async everywhere(work: (worker: number) => Work): Promise<void> {
    await Promise.all(this.threads.map((_, worker) => this.run(work(worker), { only: worker })));
  }

  /** @param files what each worker opens of the segment */
  async openSegment(segment: number, files: (worker: number) => SegmentFiles): Promise<void> {
    const work = (worker: number): Work => ({ kind: 'open', segment, files: files(worker) });
    // Before: a worker that takes another one's place meanwhile has to open it too.
    this.open.set(segment, work);
    try {
      await this.everywhere(work);
    } catch (error) {
      this.open.delete(segment);
      throw error;
    }
  }

  async closeSegment(segment: number): Promise<void> {
    this.open.delete(segment);
    await this.everywhere(() => ({ kind: 'close', segment }));
  }

  /** One query; with others of its shape it crosses in one message. */
  query(vector: Float32Array, query: Query, only?: number, signal?: AbortSignal): Promise<Neighbors> {
    const shape =
      query.allowed === null
        ? `${query.kind} ${query.segment} ${query.k} ${query.kind === 'search' ? query.ef : 0} ${only ?? ''}`
        : null;
    return this.enqueue({ ...query, queries: vector }, shape, only, signal);
  }

  async close(): Promise<void> {
    this.closed = true;
    await Promise.all(this.threads.map((thread) => thread.close()));
    for (const job of this.shared.splice(0)) job.reject(unavailable('The index is closed'));
  }

  private start(worker: number): PoolThread {
    return new PoolThread(
      () => {
        this.dispatchNext();
      },
      (lost, message) => {
        this.replace(worker, lost, message);
      },
    );
  }

  /** A worker ends by itself only where memory ran out. What it held is tried once more, and fails when lost again. */
  private replace(worker: number, lost: readonly Job[], message: string): void {
    const again = this.closed ? [] : lost.filter(({ wasLost }) => !wasLost);
    for (const job of lost) if (!again.includes(job)) job.reject(unavailable(message));
    if (this.closed) return;
    const next = this.start(worker);
    this.threads[worker] = next;
    for (const work of this.open.values()) next.send([quiet(work(worker))]);
    for (const job of again) {
      const queue = job.only === undefined ? this.shared : next.own;
      queue.push({ ...job, shape: null, wasLost: true });
    }
    this.dispatchNext();
  }

  private enqueue(work: Work, shape: string | null, only?: number, signal?: AbortSignal): Promise<Neighbors> {
    return new Promise((resolve, reject) => {
      if (this.closed) {
        reject(unavailable('The index is closed'));
        return;
      }
      const queue = only === undefined ? this.shared : this.threads[only]?.own;
      if (queue === undefined) throw new RangeError(`There is no worker ${only ?? ''}`);
      queue.push({ work, shape, only, wasLost: false, signal, resolve, reject });
      this.dispatchNext();
    });
  }

  private dispatchNext(): void {
    for (const thread of this.threads) {
      while (thread.messages < messagesInWorker && thread.own.length > 0) thread.send(takeBatch(thread.own, maxBatch));
    }
    // The least busy first; a share for each, so that no worker takes all that waits while another has nothing.
    for (let level = 0; level < messagesInWorker; level++) {
      for (const thread of this.threads) {
        if (this.shared.length === 0) return;
        if (thread.messages > level) continue;
        const share = Math.ceil(this.shared.length / this.threads.length);
        thread.send(takeBatch(this.shared, Math.min(maxBatch, share)));
      }
    }
  }
}

/** The first job that is still wanted, and those behind it that can go with it. */
function takeBatch(queue: Job[], most: number): readonly Job[] {
  const batch: Job[] = [];
  while (queue.length > 0 && batch.length < most) {
    const [next] = queue;
    const [first] = batch;
    if (next === undefined || (first !== undefined && (first.shape === null || first.shape !== next.shape))) break;
    queue.shift();
    if (next.signal?.aborted === true) next.reject(next.signal.reason);
    else batch.push(next);
  }
  return batch;
}

function quiet(work: Work): Job {
  const settle = () => undefined;
  // The next worker opens for itself what this one was to open.
  return { work, shape: null, only: undefined, wasLost: true, signal: undefined, resolve: settle, reject: settle };
}
