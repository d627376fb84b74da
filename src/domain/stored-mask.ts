import { isDeepStrictEqual } from 'node:util';
import type { Box } from './figure.js';
import type { ImageHash } from './ids.js';
import type { MaskKey, MaskOutcome } from './mask.js';

/** The name under which a mask is stored, with all that it depends on. */
export interface MaskRecord {
  /** The result of `hashMaskKey`; for an object of a detection, that of `hashDetectedMask`. */
  readonly hash: string;
  readonly key: MaskKey;
  /** The segmenter's name. */
  readonly model: string;
}

/** A mask of a part of an image. It belongs to every panel with this image and this box. */
export interface StoredMask {
  readonly hash: string;
  readonly imageHash: ImageHash;
  readonly box: Box;
  /** The segmenter's name. */
  readonly model: string;
  readonly prompt: string;
  readonly imageType: string | null;
  /** Whether it is an object of a detection: pixels that belong to other objects are not in it. */
  readonly isDetected: boolean;
  readonly outcome: MaskOutcome;
}

/** Whether a mask belongs to a panel as the panel is now: its figure may have another image, and the panel another box. */
export function isMaskOf(mask: Pick<StoredMask, 'imageHash' | 'box'>, imageHash: ImageHash, box: Box): boolean {
  return mask.imageHash === imageHash && isDeepStrictEqual(mask.box, box);
}
