import type { Box } from '../domain/figure.js';
import type { DrawnMask } from '../domain/mask.js';
import type { DetectedObject } from '../domain/detection.js';
import type { RawMask, SegmenterInput } from '../domain/segmenter.js';
import type { ObjectAnswer } from './postprocess-detections.js';

/** The model package that the thread opens with its first task. The process that starts the thread has verified it. */
export interface ThreadData {
  readonly modelsDir: string;
  readonly name: string;
}

/** One output of a segmenter, to be read as a mask that can be stored. */
export interface MaskWork {
  readonly kind: 'mask';
  readonly raw: RawMask;
  readonly input: SegmenterInput;
  readonly prompt: string;
  readonly imageType: string | null;
  /** The panel's box in its image. */
  readonly box: Box;
}

/** The outputs of a segmenter for all objects of an image type, to be read as the objects that are there. */
export interface DetectionWork {
  readonly kind: 'detections';
  readonly answers: readonly ObjectAnswer[];
  readonly input: SegmenterInput;
  readonly imageType: string;
  readonly minPValue: number;
  /** The panel's box in its image. */
  readonly box: Box;
}

export type PostprocessWork = MaskWork | DetectionWork;
export type PostprocessResult = { readonly mask: DrawnMask } | { readonly objects: readonly DetectedObject[] };
