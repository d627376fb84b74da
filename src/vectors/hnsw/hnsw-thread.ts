import { Worker } from 'node:worker_threads';
import { FigseekError } from '../../domain/errors.js';
import type { Neighbor } from '../neighbor.js';
import type { HnswParameters, HnswReply, HnswWork } from './messages.js';

interface Waiting {
  readonly resolve: (reply: HnswReply) => void;
  readonly reject: (error: Error) => void;
}

/** One HNSW index in its own thread; calls are answered in their order. */
export class HnswThread {
  private readonly worker = new Worker(new URL('./worker.js', import.meta.url), { execArgv: [] });
  private readonly waiting = new Map<number, Waiting>();
  private nextId = 0;

  private constructor() {
    this.worker.unref();
    this.worker.on('message', (reply: HnswReply) => {
      const waiting = this.waiting.get(reply.id);
      this.waiting.delete(reply.id);
      if (this.waiting.size === 0) this.worker.unref();
      if (reply.error === undefined) waiting?.resolve(reply);
      else waiting?.reject(new FigseekError('INDEX_UNAVAILABLE', reply.error));
    });
    this.worker.on('error', (error) => {
      this.failAll(error.message);
    });
    this.worker.on('exit', () => {
      this.failAll('The index thread ended');
    });
  }

  /** A new, empty index for at most `capacity` vectors. */
  static async create(dimensions: number, capacity: number, parameters: HnswParameters): Promise<HnswThread> {
    const thread = new HnswThread();
    await thread.ask({ kind: 'create', dimensions, capacity, parameters });
    return thread;
  }

  /** Reads an index file. The caller has checked its size and sha256: a crafted file can overflow the loader. */
  static async open(file: string, dimensions: number, count: number): Promise<HnswThread> {
    const thread = new HnswThread();
    try {
      await thread.ask({ kind: 'open', file, dimensions, count });
      return thread;
    } catch (error) {
      await thread.close();
      throw error;
    }
  }

  async add(rows: readonly { readonly seq: number; readonly vector: Float32Array }[]): Promise<void> {
    const dimensions = rows[0]?.vector.length ?? 0;
    const vectors = new Float32Array(rows.length * dimensions);
    rows.forEach(({ vector }, row) => {
      vectors.set(vector, row * dimensions);
    });
    await this.ask({ kind: 'add', seqs: Uint32Array.from(rows, (row) => row.seq), vectors });
  }

  async write(file: string): Promise<void> {
    await this.ask({ kind: 'write', file });
  }

  /** @param ef size of the candidate list: more costs time and finds more */
  async search(vector: Float32Array, k: number, ef: number): Promise<readonly Neighbor[]> {
    const { seqs, scores } = await this.ask({ kind: 'search', vector, k, ef });
    return Array.from(seqs, (seq, row) => ({ seq, score: scores[row] ?? 0 }));
  }

  async close(): Promise<void> {
    await this.worker.terminate();
  }

  private ask(work: HnswWork): Promise<HnswReply> {
    const id = this.nextId++;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      // An answer that somebody waits for keeps the process alive; an idle thread does not.
      this.worker.ref();
      this.worker.postMessage({ id, work });
    });
  }

  private failAll(message: string): void {
    for (const { reject } of this.waiting.values()) reject(new FigseekError('INDEX_UNAVAILABLE', message));
    this.waiting.clear();
  }
}
