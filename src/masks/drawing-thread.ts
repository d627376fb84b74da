import { Worker } from 'node:worker_threads';
import { FigseekError, messageOf } from '../domain/errors.js';
import type { DrawnMask } from '../domain/mask.js';
import type { RawImage } from '../domain/raw-image.js';
import type { SegmenterInput } from '../domain/segmenter.js';
import type { PrepareWork, ReadWork, ThreadData, ThreadReply, ThreadRequest } from './thread-messages.js';

interface Waiting {
  resolve(reply: ThreadReply): void;
  reject(error: Error): void;
}

/** Prepares pictures and reads masks on a thread of their own. One that ended (memory) is replaced at the next request. */
export class DrawingThread {
  private worker: Worker | null = null;
  private readonly waiting = new Map<number, Waiting>();
  private nextId = 0;

  constructor(private readonly data: ThreadData) {}

  /** @throws {FigseekError} MODEL_UNAVAILABLE with the reason */
  async prepare(image: RawImage): Promise<SegmenterInput> {
    const reply = await this.ask({ kind: 'prepare', image });
    if (!('input' in reply)) throw new Error('a picture was to be prepared');
    return reply.input;
  }

  /** @throws {FigseekError} MODEL_UNAVAILABLE with the reason */
  async read(work: Omit<ReadWork, 'kind'>): Promise<DrawnMask> {
    const reply = await this.ask({ kind: 'read', ...work });
    if (!('drawn' in reply)) throw new Error('a mask was to be read');
    return reply.drawn;
  }

  async close(): Promise<void> {
    await this.worker?.terminate();
    this.fail('The server is shutting down');
  }

  private ask(work: PrepareWork | ReadWork): Promise<ThreadReply> {
    return new Promise((resolve, reject) => {
      const id = this.nextId++;
      this.worker ??= this.start();
      this.waiting.set(id, { resolve, reject });
      // An answer that somebody waits for keeps the process alive; an idle thread does not.
      this.worker.ref();
      this.worker.postMessage({ id, work } satisfies ThreadRequest);
    });
  }

  private start(): Worker {
    const worker = new Worker(new URL('./drawing-worker.js', import.meta.url), { execArgv: [], workerData: this.data });
    worker.on('message', (reply: ThreadReply) => {
      this.settle(reply);
    });
    const onEnd = (message: string) => {
      if (this.worker === worker) this.fail(message);
    };
    worker.on('error', (error) => {
      onEnd(`The thread that draws masks failed: ${messageOf(error)}`);
    });
    worker.on('exit', () => {
      onEnd('The thread that draws masks ended');
    });
    return worker;
  }

  private settle(reply: ThreadReply): void {
    const one = this.waiting.get(reply.id);
    this.waiting.delete(reply.id);
    if (this.waiting.size === 0) this.worker?.unref();
    if ('error' in reply) one?.reject(new FigseekError('MODEL_UNAVAILABLE', reply.error));
    else one?.resolve(reply);
  }

  private fail(message: string): void {
    this.worker = null;
    const lost = [...this.waiting.values()];
    this.waiting.clear();
    for (const one of lost) one.reject(new FigseekError('MODEL_UNAVAILABLE', message));
  }
}
