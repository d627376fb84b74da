import type { Box } from './figure.js';
import { sha256, type ImageHash } from './ids.js';
import type { DrawnMask } from './mask.js';

/** What a recognition depends on, and nothing else. */
export interface DetectionKey {
  readonly imageHash: ImageHash;
  /** The panel's, in pixels of the image. */
  readonly box: Box;
  readonly modelVersion: string;
  /** As `preparationOf` gives it. */
  readonly preparation: string;
  /** One of the segmenter's own names. */
  readonly imageType: string;
  /** Objects whose masks are less plausible are left out: 0..1. */
  readonly minPValue: number;
}

/** An object that was found, its pixels its own: overlaps are resolved. */
export interface DetectedObject {
  readonly prompt: string;
  readonly drawn: DrawnMask;
}

export function detectionHash(key: DetectionKey): string {
  const { imageHash, box, modelVersion, preparation, imageType, minPValue } = key;
  const parts = [imageHash, box.x, box.y, box.width, box.height, modelVersion, preparation, imageType, minPValue];
  return sha256(JSON.stringify(['recognition', ...parts])).slice(0, 24);
}

/** What the mask of one of its objects is kept under. */
export function detectedMaskHash(recognition: string, prompt: string): string {
  return sha256(JSON.stringify([recognition, prompt])).slice(0, 24);
}
