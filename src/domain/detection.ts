import type { Box } from './figure.js';
import { sha256, type ImageHash } from './ids.js';
import type { DrawnMask } from './mask.js';
import type { StoredMask } from './stored-mask.js';

/** What a detection depends on, and nothing else: equal keys have equal objects. */
export interface DetectionKey {
  readonly imageHash: ImageHash;
  /** The panel's, in pixels of the image. */
  readonly box: Box;
  readonly modelVersion: string;
  /** The result of `preprocessKey`. */
  readonly preparation: string;
  /** One of the segmenter's own names. */
  readonly imageType: string;
  /** Objects whose p-value is lower are left out: 0..1. */
  readonly minPValue: number;
}

/** The name under which a detection is stored, with all that it depends on. */
export interface DetectionRecord {
  /** The result of `hashDetectionKey`. */
  readonly hash: string;
  readonly key: DetectionKey;
  /** The segmenter's name. */
  readonly model: string;
}

/** An object that was detected. Overlaps are resolved: each of its pixels belongs to it alone. */
export interface DetectedObject {
  readonly prompt: string;
  readonly drawn: DrawnMask;
}

/** All objects of an image type in a part of an image. */
export interface StoredDetection {
  readonly imageType: string;
  readonly outcome:
    | { readonly status: 'READY'; readonly masks: readonly StoredMask[] }
    | { readonly status: 'FAILED'; readonly error: string; readonly at: Date };
}

/** The name under which a detection is stored: 24 hexadecimal digits. */
export function hashDetectionKey(key: DetectionKey): string {
  const { imageHash, box, modelVersion, preparation, imageType, minPValue } = key;
  const parts = [imageHash, box.x, box.y, box.width, box.height, modelVersion, preparation, imageType, minPValue];
  return sha256(JSON.stringify(['recognition', ...parts])).slice(0, 24);
}

/** The name under which the mask of an object is stored. @param detection the hash of its detection */
export function hashDetectedMask(detection: string, prompt: string): string {
  return sha256(JSON.stringify([detection, prompt])).slice(0, 24);
}
