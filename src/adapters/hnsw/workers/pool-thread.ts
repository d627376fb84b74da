import { Worker } from 'node:worker_threads';
import { FigseekError, messageOf } from '../../../domain/errors.js';
import type { Neighbors, Reply, Work } from './messages.js';

/** Work that waits for a worker thread, or is done by one. */
export interface Job {
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

/** A worker thread, and the messages that it has not answered yet. */
export class PoolThread {
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

export function unavailable(message: string): FigseekError {
  return new FigseekError('INDEX_UNAVAILABLE', message);
}
