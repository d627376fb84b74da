import { fileURLToPath } from 'node:url';
import { FigseekError, messageOf } from '../../domain/errors.js';
import { WorkerProcess, WorkerExited, idleTimeoutMs, shuttingDown } from '../../platform/worker-process.js';
import type { ReadAnswer, ReadResults, ReadWork } from './image-reader-messages.js';
import { RunTimings } from './run-timings.js';
import type { Timings } from '../../domain/inference-status.js';

export interface ReaderProcessesOptions {
  /** How many files are read at once. */
  readonly most: number;
  /** 0..19: how far they step back for others that want a processor. */
  readonly niceness: number;
  /** Time limit of one file. */
  readonly timeoutMs: number;
  /** The child's entry file; another one only in tests of its death. */
  readonly entry?: string | undefined;
}

type ReaderChild = WorkerProcess<ReadWork, ReadAnswer>;

interface ReadJob {
  readonly work: ReadWork;
  resolve(result: ReadResults[keyof ReadResults]): void;
  reject(error: Error): void;
  /** How often a process ended while it held this job. */
  ends: number;
}

/** Processes that read image files, one file at a time each: they start when there is work, and all but one end without. */
export class ReaderProcesses {
  private queue: ReadJob[] = [];
  private free: ReaderChild[] = [];
  private readonly children = new Set<ReaderChild>();
  private readonly runTimes = new RunTimings();
  private idle: NodeJS.Timeout | undefined;
  private closed = false;

  constructor(private readonly options: ReaderProcessesOptions) {}

  /** Files that wait for a process. */
  get waiting(): number {
    return this.queue.length;
  }

  /** Where the time went, over all processes. */
  get times(): Timings {
    return this.runTimes.sum;
  }

  /** @throws {FigseekError} what the file is refused for; TIMEOUT; MODEL_UNAVAILABLE after the end */
  async read<Kind extends keyof ReadResults>(work: ReadWork & { readonly kind: Kind }): Promise<ReadResults[Kind]> {
    if (this.closed) throw unavailable();
    const result = await new Promise<ReadResults[keyof ReadResults]>((resolve, reject) => {
      this.queue.push({ work, resolve, reject, ends: 0 });
      this.dispatchNext();
    });
    // The child answers each work by its kind.
    return result as ReadResults[Kind];
  }

  /** Ends the processes; what waits fails with MODEL_UNAVAILABLE. */
  close(): void {
    this.closed = true;
    clearTimeout(this.idle);
    for (const job of this.queue.splice(0)) job.reject(unavailable());
    for (const child of this.children) child.kill();
  }

  private dispatchNext(): void {
    clearTimeout(this.idle);
    for (let [job] = this.queue; job !== undefined; [job] = this.queue) {
      const child = this.free.pop() ?? this.spawnWorker();
      if (child === null) return;
      this.queue.shift();
      void this.assign(child, job);
    }
    this.suspendLater();
  }

  private spawnWorker(): ReaderChild | null {
    const { most, niceness, entry = fileURLToPath(new URL('./image-reader-child.js', import.meta.url)) } = this.options;
    if (this.children.size >= most) return null;
    const onGone = (gone: ReaderChild): void => {
      this.children.delete(gone);
      this.free = this.free.filter((child) => child !== gone);
      this.dispatchNext();
    };
    const child: ReaderChild = new WorkerProcess(onGone, { entry, name: 'process that reads images', niceness });
    this.children.add(child);
    return child;
  }

  private async assign(child: ReaderChild, job: ReadJob): Promise<void> {
    const startedAt = performance.now();
    child.keepAlive(true);
    try {
      const { answer, ms } = await child.ask(job.work, this.options.timeoutMs);
      this.runTimes.add(1, startedAt, ms);
      child.keepAlive(false);
      if (this.children.has(child)) this.free.push(child);
      answerTo(job, answer);
    } catch (error) {
      this.children.delete(child);
      this.onExit(job, error);
    }
    if (!this.closed) this.dispatchNext();
  }

  /** Somebody may have ended the process by mistake, or for its memory: the file gets a second chance. */
  private onExit(job: ReadJob, error: unknown): void {
    job.ends += 1;
    if (this.closed) job.reject(unavailable());
    else if (error instanceof WorkerExited && error.timedOut) {
      job.reject(new FigseekError('TIMEOUT', `The image was not read within ${this.options.timeoutMs} ms`));
    } else if (job.ends < 2) this.queue.unshift(job);
    else {
      const message = `Reading the image ended the process that did it, twice (${messageOf(error)})`;
      job.reject(new FigseekError('BAD_USER_INPUT', message));
    }
  }

  private suspendLater(): void {
    this.idle = setTimeout(() => {
      for (const child of this.free.splice(1)) {
        this.children.delete(child);
        child.kill();
      }
    }, idleTimeoutMs);
    this.idle.unref();
  }
}

function answerTo(job: ReadJob, answer: ReadAnswer): void {
  if (answer.kind === 'read') job.resolve(answer.result);
  else job.reject(new FigseekError(answer.code, answer.message));
}

function unavailable(): FigseekError {
  return new FigseekError('MODEL_UNAVAILABLE', shuttingDown);
}
