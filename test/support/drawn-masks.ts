import type { DetectedObject, DetectionRecord } from '../../src/domain/detection.js';
import { hashDetectionKey } from '../../src/domain/detection.js';
import type { Box } from '../../src/domain/figure.js';
import { imageHashOf, type ImageHash } from '../../src/domain/ids.js';
import { hashMaskKey, preprocessKey, type DrawnMask, type MaskKey } from '../../src/domain/mask.js';
import type { MaskRecord } from '../../src/domain/stored-mask.js';

/** A mask of 4 × 4 pixels whose inner 2 × 2 pixels are set. */
export const drawnMask: DrawnMask = {
  ...{ found: true, pValue: 0.5, similarity: 1, areaPixels: 4, areaFraction: 0.25 },
  boxes: [{ x: 1, y: 1, width: 2, height: 2 }],
  rle: { size: [4, 4], counts: '52203' },
  polygons: [
    [
      [1, 1],
      [3, 1],
      [3, 3],
      [1, 3],
      [1, 1],
    ],
  ],
};

/** The image of `drawnFigure(number)`. */
export function drawnImage(number: number): ImageHash {
  return imageHashOf(Buffer.from(String(number)));
}

/** The box of the panel of a `drawnFigure`. */
export const drawnBox: Box = { x: 0, y: 0, width: 1, height: 1 };

/** The record of a mask on the panel of `drawnFigure(1)`. @param change what is different in its key */
export function maskRecord(prompt: string, change: Partial<MaskKey> = {}): MaskRecord {
  const key = { imageHash: drawnImage(1), box: drawnBox, modelVersion: '1', preparation: preprocessKey(64) };
  const changed = { ...key, prompt, imageType: null, ...change };
  return { hash: hashMaskKey(changed), key: changed, model: 'fake' };
}

/** The record of a detection on the panel of `drawnFigure(1)`. */
export function detectionRecord(imageType: string): DetectionRecord {
  const key = { imageHash: drawnImage(1), box: drawnBox, modelVersion: '1', preparation: preprocessKey(64) };
  const complete = { ...key, imageType, minPValue: 0.05 };
  return { hash: hashDetectionKey(complete), key: complete, model: 'fake' };
}

export function detectedObject(prompt: string, pValue: number): DetectedObject {
  return { prompt, drawn: { ...drawnMask, pValue } };
}
