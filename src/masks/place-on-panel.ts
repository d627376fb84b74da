import type { Box } from '../domain/figure.js';
import type { DrawnMask } from '../domain/mask.js';
import { traceOutline, type Ring } from '../imaging/masks/outline.js';
import type { MaskPrediction } from '../imaging/masks/mask-prediction.js';
import { encodeRunLength } from '../imaging/masks/run-length.js';

/** A mask as it is stored: boxes and polygons in pixels of the image, run lengths in pixels of the panel. */
export function placeOnPanel(
  panel: Box,
  { mask, found, pValue, similarity, areaPixels, boxes }: MaskPrediction,
): DrawnMask {
  const moved = (ring: Ring): Ring => ring.map(([x, y]) => [x + panel.x, y + panel.y]);
  return {
    found,
    pValue,
    similarity,
    areaPixels,
    areaFraction: areaPixels / (mask.width * mask.height),
    boxes: boxes.map(({ x, y, width, height }) => ({ x: x + panel.x, y: y + panel.y, width, height })),
    rle: encodeRunLength(mask),
    polygons: traceOutline(mask).flatMap(({ outer, holes }) => [outer, ...holes].map(moved)),
  };
}
