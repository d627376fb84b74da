import type { ImagePreparation } from './image-preparation.js';

/** What the detector's graph answers for one image. */
export interface RawDetections {
  /** float32 [queries, 4]: center x, center y, width and height, as shares of the image's width and height */
  readonly boxes: Float32Array;
  /** float32 [queries, labels], 0 to 1 */
  readonly scores: Float32Array;
}

/** Which answers of a detector are panels. */
export interface DetectionLimits {
  /** A box counts where one of its scores is greater. */
  readonly minScore: number;
  /** Of two boxes whose intersection over union is at least this, the one with the lower score is dropped. */
  readonly maxOverlap: number;
}

/**
 * What the rest of the product sees of a panel detector. Graph contract: `pixels` uint8 [batch, size, size, 3] → `boxes`
 * float32 [batch, queries, 4], `scores` float32 [batch, queries, labels].
 */
export interface PanelDetector {
  readonly name: string;
  /** sha256 over the weights and what decides their use: two packages with one version find the same panels. */
  readonly version: string;
  readonly preparation: ImagePreparation;
  readonly limits: DetectionLimits;
  readonly license: string;
  readonly warning: string | null;
  /** Absolute path of its graph. */
  readonly graph: string;
}
