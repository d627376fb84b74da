import type { InferenceStatus } from '../domain/inference-status.js';
import type { Priority } from '../domain/priority.js';
import type { RawMask, Segmenter, SegmenterInput } from '../domain/segmenter.js';

/**
 * Runs a segmenter on one image and one prompt. All methods throw a FigseekError: MODEL_UNAVAILABLE, RATE_LIMITED, TIMEOUT, and
 * BAD_USER_INPUT for an input that does not fit the model.
 */
export abstract class MaskPredictor {
  abstract readonly model: Segmenter;

  /** Loads the model, which the first request does otherwise. */
  abstract start(): Promise<void>;

  abstract status(): InferenceStatus;

  /** @param input from the model's `preprocess` @param ids from its `tokenize` */
  abstract segment(input: SegmenterInput, ids: Int32Array, priority: Priority): Promise<RawMask>;

  /** What waits fails with MODEL_UNAVAILABLE. */
  abstract close(): Promise<void>;
}
