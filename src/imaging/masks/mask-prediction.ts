import type { Bitmap, Component } from './components.js';

/** A mask as people read it. */
export interface MaskPrediction {
  /** At the picture's own size. */
  readonly mask: Bitmap;
  readonly areaPixels: number;
  /** Boxes of the parts that are connected by 8 neighbors, the largest first. */
  readonly boxes: readonly Component[];
  /** How plausible the mask's colors are for the object; null where there are no statistics for it. */
  readonly pValue: number | null;
  /** False where the mask is empty or the p-value is below 0.05; null where nothing tells. */
  readonly found: boolean | null;
  /** Of the chosen query's caption and the prompt. */
  readonly similarity: number;
  readonly query: number;
}
