import type { Box } from '../domain/figure.js';
import type { DrawnMask } from '../domain/mask.js';
import type { DetectedObject } from '../domain/detection.js';
import type { RawMask, SegmenterInput } from '../domain/segmenter.js';
import type { ObjectAnswer } from './postprocess-detections.js';

/** What the thread opens with its first task: a package that was verified by who starts it. */
export interface ThreadData {
  readonly modelsDir: string;
  readonly name: string;
}

/** What the model said → the mask as it is kept. */
export interface ReadWork {
  readonly kind: 'read';
  readonly raw: RawMask;
  readonly input: SegmenterInput;
  readonly prompt: string;
  readonly imageType: string | null;
  /** The panel's box in its image. */
  readonly box: Box;
}

/** What the model said to each object of an image type → those that are there. */
export interface RecogniseWork {
  readonly kind: 'recognise';
  readonly answers: readonly ObjectAnswer[];
  readonly input: SegmenterInput;
  readonly imageType: string;
  readonly minPValue: number;
  /** The panel's box in its image. */
  readonly box: Box;
}

export type DrawingWork = ReadWork | RecogniseWork;
export type DrawingResult = { readonly drawn: DrawnMask } | { readonly recognised: readonly DetectedObject[] };
