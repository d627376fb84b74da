import { availableParallelism } from 'node:os';
import { FigseekError } from '../domain/errors.js';
import { bulkNiceness } from './child-process.js';
import type { ImagePart, ReadImage } from './image-reader-messages.js';
import type { Priority } from './job-queue.js';
import { ReaderProcesses } from './reader-processes.js';
import type { Times } from './run-times.js';

export interface ImageReaderOptions {
  /** How many files are read at once, of people and of an ingest each; 0: one a core, at most 16. */
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

const mostProcesses = 16;
const usualTimeoutMs = 60_000;

/**
 * Image files → the input of a model, by processes beside the one that runs it. People have processes of their own; those
 * of an ingest step back for them.
 */
export class ImageReader {
  private readonly people: ReaderProcesses;
  private readonly bulk: ReaderProcesses;

  constructor(private readonly options: ImageReaderOptions) {
    const { processes, timeoutMs = usualTimeoutMs, entry } = options;
    const most = processes === 0 ? Math.min(availableParallelism(), mostProcesses) : processes;
    this.people = new ReaderProcesses({ most, niceness: 0, timeoutMs, entry });
    this.bulk = new ReaderProcesses({ most, niceness: bulkNiceness, timeoutMs, entry });
  }

  /**
   * @param size side of the model's input
   * @throws {FigseekError} UNSUPPORTED_MEDIA, PAYLOAD_TOO_LARGE or BAD_USER_INPUT for an image that cannot be taken;
   *   RATE_LIMITED; TIMEOUT; MODEL_UNAVAILABLE after the end
   */
  read(bytes: Uint8Array, size: number, priority: Priority, part: ImagePart = {}): Promise<ReadImage> {
    const { maxPixels, queue } = this.options;
    const processes = priority === 'bulk' ? this.bulk : this.people;
    if (priority !== 'bulk' && processes.waiting >= queue) {
      return Promise.reject(new FigseekError('RATE_LIMITED', `${queue} images wait to be read; try again in a moment`));
    }
    return processes.read({ bytes, size, part, maxPixels });
  }

  /** Where the time of an ingest's files went, over all processes. */
  get bulkTimes(): Times {
    return this.bulk.times;
  }

  /** Ends the processes; what waits fails with MODEL_UNAVAILABLE. */
  close(): void {
    this.people.close();
    this.bulk.close();
  }
}
