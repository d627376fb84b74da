import { availableParallelism } from 'node:os';
import { FigseekError } from '../../domain/errors.js';
import type { Box } from '../../domain/figure.js';
import type { SegmenterInput } from '../../domain/segmenter.js';
import { bulkNiceness, besideNiceness } from '../../platform/worker-process.js';
import { ReaderProcesses } from './reader-processes.js';
import type { PictureLikeness } from '../../domain/picture-likeness.js';
import type { ImagePreparation } from '../../domain/image-preparation.js';
import type { ImageWindow } from '../../domain/image-window.js';
import type { Timings } from '../../domain/inference-status.js';
import type { Priority } from '../../domain/priority.js';
import {
  ImageReader,
  type CheckedImage,
  type ComparedPart,
  type ImageFile,
  type ImagePart,
  type PicturePart,
  type ReadParts,
  type SignedParts,
  type Thumbnail,
} from '../../ports/image-reader.js';

export interface ProcessImageReaderOptions {
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

const maxProcesses = 16;
/** Uploads, copies to show, masks and heat maps: beside searches, never in their place. */
const maxBackgroundProcesses = 4;
const usualTimeoutMs = 60_000;

/**
 * Image files → the input of a model, by processes beside the one that runs it. People have processes of their own; those
 * of an ingest step back for them.
 */
export class ProcessImageReader extends ImageReader {
  private readonly people: ReaderProcesses;
  private readonly bulk: ReaderProcesses;
  private readonly beside: ReaderProcesses;

  constructor(private readonly options: ProcessImageReaderOptions) {
    super();
    const { processes, timeoutMs = usualTimeoutMs, entry } = options;
    const most = processes === 0 ? Math.min(availableParallelism(), maxProcesses) : processes;
    this.people = new ReaderProcesses({ most, niceness: 0, timeoutMs, entry });
    this.beside = new ReaderProcesses({
      most: Math.min(most, maxBackgroundProcesses),
      niceness: besideNiceness,
      timeoutMs,
      entry,
    });
    this.bulk = new ReaderProcesses({ most, niceness: bulkNiceness, timeoutMs, entry });
  }

  /**
   * @throws {FigseekError} UNSUPPORTED_MEDIA, PAYLOAD_TOO_LARGE or BAD_USER_INPUT for an image that cannot be taken;
   *   RATE_LIMITED; TIMEOUT; MODEL_UNAVAILABLE after the end
   */
  readParts(
    image: ImageFile,
    preparation: ImagePreparation,
    priority: Priority,
    parts: readonly ImagePart[],
  ): Promise<ReadParts> {
    const { maxPixels, queue } = this.options;
    const processes = priority === 'bulk' ? this.bulk : this.people;
    if (priority !== 'bulk' && processes.waiting >= queue) return Promise.reject(tooMany(queue));
    return processes.read({ kind: 'parts', image, preparation, parts, maxPixels });
  }

  /** @throws {FigseekError} as `readParts` */
  readSigned(
    image: ImageFile,
    preparation: ImagePreparation,
    parts: readonly ImagePart[],
    caption: string | null,
  ): Promise<SignedParts> {
    return this.bulk.read({ kind: 'signed', image, preparation, parts, caption, maxPixels: this.options.maxPixels });
  }

  /** @throws {FigseekError} as `readParts` */
  sign(image: ImageFile, boxes: readonly Box[]): Promise<readonly Uint8Array[]> {
    return this.bulk.read({ kind: 'sign', image, boxes, maxPixels: this.options.maxPixels });
  }

  /** @throws {FigseekError} as `readParts`, for the image of `picture` */
  compare({ image, box }: PicturePart, others: readonly ComparedPart[]): Promise<readonly (PictureLikeness | null)[]> {
    return this.bulk.read({ kind: 'compare', image, box, others, maxPixels: this.options.maxPixels });
  }

  /** Decodes an image to see that it can be. @throws {FigseekError} as `read` */
  check(image: ImageFile): Promise<CheckedImage> {
    return this.aside((maxPixels) => this.beside.read({ kind: 'check', image, maxPixels }));
  }

  /** A copy to show, its longest side at most `size`. @throws {FigseekError} as `read` */
  thumbnail(image: ImageFile, size: number): Promise<Thumbnail> {
    return this.aside((maxPixels) => this.beside.read({ kind: 'thumbnail', image, size, maxPixels }));
  }

  /**
   * Windows of a part of an image for a model.
   * @returns uint8 RGB [size, size, 3] each @throws {FigseekError} as `read`
   */
  readWindows(
    image: ImageFile,
    box: Box,
    windows: readonly ImageWindow[],
    preparation: ImagePreparation,
  ): Promise<readonly Uint8Array[]> {
    return this.aside((maxPixels) =>
      this.beside.read({ kind: 'windows', image, box, windows, preparation, maxPixels }),
    );
  }

  /**
   * A part of an image as a segmenter takes it. @param size side of the square that the segmenter works on
   * @throws {FigseekError} as `read`, and UNSUPPORTED_MEDIA for too long a side
   */
  readForSegmenter(image: ImageFile, box: Box, size: number): Promise<SegmenterInput> {
    return this.aside((maxPixels) => this.beside.read({ kind: 'segmenter', image, box, size, maxPixels }));
  }

  private aside<Result>(read: (maxPixels: number) => Promise<Result>): Promise<Result> {
    const { maxPixels, queue } = this.options;
    return this.beside.waiting >= queue ? Promise.reject(tooMany(queue)) : read(maxPixels);
  }

  /** Where the time of an ingest's files went, over all processes. */
  get bulkTimes(): Timings {
    return this.bulk.times;
  }

  /** Ends the processes; what waits fails with MODEL_UNAVAILABLE. */
  close(): void {
    this.people.close();
    this.bulk.close();
    this.beside.close();
  }
}

function tooMany(waiting: number): FigseekError {
  return new FigseekError('RATE_LIMITED', `${waiting} images wait to be read; try again in a moment`);
}
