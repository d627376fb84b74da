import type { Box } from '../../domain/figure.js';
import { decodeRunLength, encodeRunLength, type RunLength } from './run-length.js';

/**
 * Run lengths of a mask of a part of an image, as run lengths on the whole image.
 * @param box the part, inside the image, with the size of the mask
 */
export function placeRunLength(
  rle: RunLength,
  box: Box,
  { width, height }: { readonly width: number; readonly height: number },
): RunLength {
  if (box.x === 0 && box.y === 0 && box.width === width && box.height === height) return rle;
  const part = decodeRunLength(rle);
  const data = new Uint8Array(width * height);
  for (let row = 0; row < part.height; row++) {
    data.set(part.data.subarray(row * part.width, (row + 1) * part.width), (box.y + row) * width + box.x);
  }
  return encodeRunLength({ width, height, data });
}
