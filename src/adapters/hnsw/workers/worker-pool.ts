import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { FigseekError, messageOf } from '../../../domain/errors.js';
import type { Neighbors, Reply, RowBits, SegmentFiles, Work } from './messages.js';

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

interface Job {
  readonly work: Work;
  /** Same shape, same batch; null for what goes alone. */
  readonly shape: string | null;
  /** The one worker that can do it; undefined: any. */
  readonly only: number | undefined;
  /** Whether a worker ended while it held this job. */
  readonly wasLost: boolean;
  readonly signal: AbortSignal | undefined;
  readonly resolve: (found: Neighbors) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Worker threads with indexes. What all of them hold is searched by whichever is free; what only one holds goes to that
 * one. A request that was cancelled before its turn costs nothing.
 */
export class WorkerPool {
  private readonly threads: Thread[];
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

  private start(worker: number): Thread {
    return new Thread(
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

function unavailable(message: string): FigseekError {
  return new FigseekError('INDEX_UNAVAILABLE', message);
}

class Thread {
  readonly own: Job[] = [];
  // Its own copy of the environment, so that it finds the same addon as this thread.
  private readonly worker = new Worker(new URL('./worker.js', import.meta.url), {
    execArgv: [],
    env: { ...process.env },
  });
  private readonly waiting = new Map<number, readonly Job[]>();
  private nextId = 0;
  private ended = false;

  constructor(
    private readonly onFree: () => void,
    private readonly onEnd: (lost: readonly Job[], message: string) => void,
  ) {
    this.worker.unref();
    this.worker.on('message', (reply: Reply) => {
      this.settle(reply);
    });
    this.worker.on('error', (error) => {
      this.fail(messageOf(error));
    });
    this.worker.on('exit', () => {
      this.fail('The index thread ended');
    });
  }

  get messages(): number {
    return this.waiting.size;
  }

  send(batch: readonly Job[]): void {
    const [first] = batch;
    if (first === undefined) return;
    if (this.ended) {
      for (const job of batch) job.reject(unavailable('The index thread ended'));
      return;
    }
    const id = this.nextId++;
    this.waiting.set(id, batch);
    // An answer that somebody waits for keeps the process alive; an idle thread does not.
    this.worker.ref();
    if (batch.length === 1) {
      this.worker.postMessage({ id, work: first.work });
      return;
    }
    const work = joined(batch);
    this.worker.postMessage({ id, work }, [work.queries.buffer]);
  }

  async close(): Promise<void> {
    await this.worker.terminate();
    this.fail('The index is closed');
  }

  private settle({ id, error, found }: Reply): void {
    const batch = this.waiting.get(id) ?? [];
    this.waiting.delete(id);
    if (this.waiting.size === 0) this.worker.unref();
    if (error !== undefined && batch.length > 1) {
      // One bad query must not fail the others that shared its message.
      for (const job of batch) this.own.push({ ...job, shape: null });
    } else if (error !== undefined) {
      batch[0]?.reject(unavailable(error));
    } else {
      shareOut(batch, found);
    }
    this.onFree();
  }

  private fail(message: string): void {
    if (this.ended) return;
    this.ended = true;
    const jobs = [...this.waiting.values()].flat().concat(this.own.splice(0));
    this.waiting.clear();
    this.onEnd(jobs, message);
  }
}

const none: Neighbors = { counts: new Uint32Array(1), rows: new Uint32Array(0), scores: new Float32Array(0) };

function joined(batch: readonly Job[]): Work & { readonly queries: Float32Array<ArrayBuffer> } {
  const [first] = batch;
  const vectors = batch.flatMap(({ work }) => ('queries' in work ? [work.queries] : []));
  if (first === undefined || !('queries' in first.work)) throw new TypeError('Only searches share a message');
  const { length } = first.work.queries;
  const queries = new Float32Array(length * vectors.length);
  vectors.forEach((vector, at) => {
    queries.set(vector, at * length);
  });
  return { ...first.work, queries };
}

function shareOut(batch: readonly Job[], found: Neighbors | null): void {
  const [only] = batch;
  if (batch.length === 1 || found === null) {
    only?.resolve(found ?? none);
    return;
  }
  let from = 0;
  for (const [at, job] of batch.entries()) {
    const count = found.counts[at] ?? 0;
    job.resolve({
      counts: Uint32Array.of(count),
      rows: found.rows.subarray(from, from + count),
      scores: found.scores.subarray(from, from + count),
    });
    from += count;
  }
}
