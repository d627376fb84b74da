import { Worker } from 'node:worker_threads';
import { FigseekError, messageOf } from '../domain/errors.js';
import type { TaskReply } from './task-messages.js';

interface Task<Work, Result> {
  readonly work: Work;
  readonly timeoutMs: number;
  resolve(result: Result): void;
  reject(error: Error): void;
}

export interface WorkerThreadOptions {
  /** The thread's entry file, which calls `serveTasks`. */
  readonly entry: URL;
  readonly workerData?: object;
  /** What it does, for messages: “draws masks”. */
  readonly purpose: string;
  /** Time limit of one task, unless it has its own; the thread is ended there. */
  readonly timeoutMs: number;
}

/**
 * A worker thread that does one task after the other. A task that takes too long, or at which the thread ends, fails
 * alone: the next one starts another thread.
 */
export class WorkerThread<Work, Result> {
  private worker: Worker | null = null;
  private current: Task<Work, Result> | null = null;
  private readonly waiting: Task<Work, Result>[] = [];
  private timer: NodeJS.Timeout | undefined;
  private closed = false;

  constructor(private readonly options: WorkerThreadOptions) {}

  /** @throws {FigseekError} what the task throws; TIMEOUT; MODEL_UNAVAILABLE where the thread ended */
  ask(work: Work, timeoutMs = this.options.timeoutMs): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ work, timeoutMs, resolve, reject });
      this.next();
    });
  }

  /** Ends the thread; what waits, and whatever is asked from now on, fails with MODEL_UNAVAILABLE. */
  async close(): Promise<void> {
    this.closed = true;
    const { worker } = this;
    this.drop('MODEL_UNAVAILABLE', shuttingDown);
    await worker?.terminate();
  }

  private next(): void {
    if (this.closed) {
      for (const task of this.waiting.splice(0)) task.reject(new FigseekError('MODEL_UNAVAILABLE', shuttingDown));
    }
    if (this.current !== null) return;
    const task = this.waiting.shift();
    if (task === undefined) return;
    this.current = task;
    this.worker ??= this.start();
    // An answer that somebody waits for keeps the process alive; an idle thread does not.
    this.worker.ref();
    this.timer = setTimeout(() => {
      this.endInTime(task.timeoutMs);
    }, task.timeoutMs);
    this.worker.postMessage(task.work);
  }

  private start(): Worker {
    const { entry, workerData, purpose } = this.options;
    const worker = new Worker(entry, { execArgv: [], workerData });
    worker.on('message', (reply: TaskReply<Result>) => {
      if (this.worker === worker) this.settle(reply);
    });
    worker.on('error', (error) => {
      if (this.worker === worker) {
        this.drop('MODEL_UNAVAILABLE', `The thread that ${purpose} failed: ${messageOf(error)}`);
      }
    });
    worker.on('exit', () => {
      if (this.worker === worker) this.drop('MODEL_UNAVAILABLE', `The thread that ${purpose} ended`);
    });
    return worker;
  }

  private settle(reply: TaskReply<Result>): void {
    const task = this.current;
    this.done();
    this.worker?.unref();
    if ('result' in reply) task?.resolve(reply.result);
    else if (reply.code === null) task?.reject(new Error(reply.message));
    else task?.reject(new FigseekError(reply.code, reply.message));
    this.next();
  }

  private endInTime(timeoutMs: number): void {
    const { worker } = this;
    this.drop('TIMEOUT', `The thread that ${this.options.purpose} did not answer within ${timeoutMs} ms`);
    void worker?.terminate();
  }

  /** Without this thread: its task fails, the others go on with another one. */
  private drop(code: 'TIMEOUT' | 'MODEL_UNAVAILABLE', message: string): void {
    this.worker = null;
    const task = this.current;
    this.done();
    task?.reject(new FigseekError(code, message));
    this.next();
  }

  private done(): void {
    clearTimeout(this.timer);
    this.current = null;
  }
}

const shuttingDown = 'The server is shutting down';
