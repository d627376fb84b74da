import type { DualEncoder } from '../domain/dual-encoder.js';
import type { InferenceStatus } from '../domain/inference-status.js';
import type { Priority } from '../domain/priority.js';

/** Embeds images and texts by a dual encoder. All methods throw a FigseekError: MODEL_UNAVAILABLE, RATE_LIMITED or TIMEOUT. */
export abstract class Encoder {
  abstract readonly model: DualEncoder;

  /** Loads the model, which the first request does otherwise. */
  abstract start(): Promise<void>;

  abstract status(): InferenceStatus;

  /** @param images uint8 [size, size, 3] each, from the model's `preprocess` @returns one unit vector each */
  abstract embedImages(images: readonly Uint8Array[], priority: Priority): Promise<Float32Array[]>;

  /** @returns one unit vector for each text */
  abstract embedTexts(texts: readonly string[], priority: Priority): Promise<Float32Array[]>;

  /** @param tokens token ids with the special tokens @returns one unit vector each */
  abstract embedTokens(tokens: readonly Int32Array[], priority: Priority): Promise<Float32Array[]>;

  /**
   * How far an image lies in a direction, and what each patch of it adds.
   * @param images as for `embedImages`
   * @param direction float32 [dimensions]
   * @returns float32 [1 + grid²] each: the product with the whole embedding, then the parts of the patches, row by row
   */
  abstract support(images: readonly Uint8Array[], direction: Float32Array): Promise<Float32Array[]>;

  /** Gives the memory back until the next request. */
  abstract suspend(): void;

  /** What waits fails with MODEL_UNAVAILABLE. */
  abstract close(): Promise<void>;
}
