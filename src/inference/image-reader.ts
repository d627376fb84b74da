import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { FigseekError, messageOf } from '../domain/errors.js';
import { Child, ChildGone } from './child-process.js';
import type { ImagePart, ReadAnswer, ReadImage, ReadWork } from './image-reader-messages.js';
import { JobQueue, type Job, type Priority } from './job-queue.js';
import { RunTimes, type Times } from './run-times.js';

export interface ImageReaderOptions {
  /** How many files are decoded at once; 0: one a core, at most 16. */
  readonly processes: number;
  /** Most pixels of one image. */
  readonly maxPixels: number;
  /** Most files that people wait for; ones past it are refused. */
  readonly queue: number;
  /** Time limit of one file; default 60 s. */
  readonly timeoutMs?: number;
  /** The child's entry file; another one only in tests of its death. */
  readonly entry?: string;
}

type ReaderChild = Child<ReadWork, ReadAnswer>;
type ReadJob = Job<Omit<ReadWork, 'maxPixels'>, ReadImage>;

const mostProcesses = 16;
const usualTimeoutMs = 60_000;
/** A process holds 60 MB and starts in a quarter of a second. */
const restAfterMs = 30_000;

/**
 * Image files → the input of a model, by processes beside the one that runs it: they start when there is work, and all
 * but one end when there is none. What people wait for goes first, and finds a process free while an ingest has the others.
 */
export class ImageReader {
  private readonly queue = new JobQueue<ReadJob['input'], ReadImage>(() => false);
  private readonly processes: number;
  private readonly timeoutMs: number;
  /** Each with whether it works. */
  private readonly children = new Map<ReaderChild, boolean>();
  private readonly runTimes = new RunTimes();
  private bulk = 0;
  private idle: NodeJS.Timeout | undefined;
  private closed = false;

  constructor(private readonly options: ImageReaderOptions) {
    this.timeoutMs = options.timeoutMs ?? usualTimeoutMs;
    this.processes = options.processes === 0 ? Math.min(availableParallelism(), mostProcesses) : options.processes;
  }

  /**
   * @param size side of the model's input
   * @throws {FigseekError} UNSUPPORTED_MEDIA, PAYLOAD_TOO_LARGE or BAD_USER_INPUT for an image that cannot be taken;
   *   RATE_LIMITED; TIMEOUT
   */
  read(bytes: Uint8Array, size: number, priority: Priority, part: ImagePart = {}): Promise<ReadImage> {
    if (this.closed) return Promise.reject(unavailable());
    if (priority !== 'bulk' && this.queue.lengthOf(priority) >= this.options.queue) {
      const message = `${this.options.queue} images wait to be read; try again in a moment`;
      return Promise.reject(new FigseekError('RATE_LIMITED', message));
    }
    return new Promise((resolve, reject) => {
      const input = { bytes, size, part };
      this.queue.add({ input, priority, resolve, reject, crashes: 0, isOver: false, blamed: null });
      this.pump();
    });
  }

  /** Where the time went, over all processes. */
  get times(): Times {
    return this.runTimes.sum;
  }

  /** Ends the processes; what waits fails with MODEL_UNAVAILABLE. */
  close(): void {
    this.closed = true;
    clearTimeout(this.idle);
    for (const job of this.queue.drain()) job.reject(unavailable());
    for (const child of this.children.keys()) child.kill();
    this.children.clear();
  }

  private pump(): void {
    clearTimeout(this.idle);
    while (this.queue.length > this.queue.lengthOf('bulk') || (this.queue.length > 0 && this.bulk < this.processes)) {
      const child = this.freeChild();
      if (child === null) return;
      const [job] = this.queue.takeBatch(() => 1);
      if (job === undefined) return;
      void this.work(child, job);
    }
    if (this.queue.length === 0) this.restLater();
  }

  private freeChild(): ReaderChild | null {
    for (const [child, works] of this.children) if (!works) return child;
    // One more than bulk work can take.
    if (this.children.size > this.processes) return null;
    const { entry = fileURLToPath(new URL('./image-reader-child.js', import.meta.url)) } = this.options;
    const child: ReaderChild = new Child((gone) => this.children.delete(gone), {
      ...{ entry, name: 'process that reads images', niceness: 0 },
    });
    this.children.set(child, false);
    return child;
  }

  private async work(child: ReaderChild, job: ReadJob): Promise<void> {
    if (job.priority === 'bulk') this.bulk++;
    this.children.set(child, true);
    child.keepAlive(true);
    try {
      const { maxPixels } = this.options;
      const startedAt = performance.now();
      const { answer, ms } = await child.ask({ ...job.input, maxPixels }, this.timeoutMs);
      this.runTimes.add(1, startedAt, ms);
      answerTo(job, answer);
      child.keepAlive(false);
      if (this.children.has(child)) this.children.set(child, false);
    } catch (error) {
      this.children.delete(child);
      this.afterEnd(job, error);
    } finally {
      if (job.priority === 'bulk') this.bulk--;
    }
    if (!this.closed) this.pump();
  }

  /** Somebody may have ended the process by mistake, or for its memory: the file gets a second chance. */
  private afterEnd(job: ReadJob, error: unknown): void {
    if (this.closed) job.reject(unavailable());
    else if (error instanceof ChildGone && error.timedOut) {
      job.reject(new FigseekError('TIMEOUT', `The image was not read within ${this.timeoutMs} ms`));
    } else if (++job.crashes < 2) this.queue.putBack([job]);
    else {
      const message = `Reading the image ended the process that did it, twice (${messageOf(error)})`;
      job.reject(new FigseekError('BAD_USER_INPUT', message));
    }
  }

  private restLater(): void {
    this.idle = setTimeout(() => {
      for (const [child, works] of [...this.children].slice(1)) {
        if (works) continue;
        this.children.delete(child);
        child.kill();
      }
    }, restAfterMs);
    this.idle.unref();
  }
}

function answerTo(job: ReadJob, answer: ReadAnswer): void {
  if (answer.kind === 'read') {
    const { width, height, pixels } = answer;
    job.resolve({ width, height, pixels });
  } else {
    job.reject(new FigseekError(answer.code, answer.message));
  }
}

function unavailable(): FigseekError {
  return new FigseekError('MODEL_UNAVAILABLE', 'The server is shutting down');
}
