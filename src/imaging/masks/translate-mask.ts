import type { Box } from '../../domain/figure.js';
import type { MaskPrediction } from './mask-prediction.js';

interface Size {
  readonly width: number;
  readonly height: number;
}

/** The box of all of a picture. */
export function wholeBox({ width, height }: Size): Box {
  return { x: 0, y: 0, width, height };
}

/**
 * What was drawn on a part of a picture, as a drawing on the picture: nothing lies outside the part.
 * @param box the part, inside the picture
 */
export function translateMask<Reading extends MaskPrediction>(picture: Size, box: Box, reading: Reading): Reading {
  const { width, height } = picture;
  const data = new Uint8Array(width * height);
  for (let row = 0; row < box.height; row++) {
    const from = row * box.width;
    data.set(reading.mask.data.subarray(from, from + box.width), (box.y + row) * width + box.x);
  }
  const boxes = reading.boxes.map((part) => ({ ...part, x: part.x + box.x, y: part.y + box.y }));
  return { ...reading, mask: { width, height, data }, boxes };
}
