import type { MaskStatistics, RawMask, SegmenterInput } from '../domain/segmenter.js';
import { bySize, componentsOf, type Bitmap } from '../imaging/masks/components.js';
import type { MaskReading } from '../imaging/masks/mask-reading.js';
import { logitsOnPicture, probabilitiesOnSquare } from '../imaging/masks/enlarge.js';
import { meansInside, pValueOf, rejectedBelow } from './statistics/plausibility.js';

/** Reads what a segmenter answered: the mask at the picture's size, its parts, and how far to trust it. */
export function readMask(raw: RawMask, input: SegmenterInput, statistics: MaskStatistics | null): MaskReading {
  const { width, height } = input.placement;
  const mask = { width, height, data: positive(logitsOnPicture(raw, input.placement)) };
  const pValue =
    statistics === null
      ? null
      : pValueOf(meansInside(probabilitiesOnSquare(raw, input.size), input.pixels), statistics);
  return readingOf(mask, raw, pValue);
}

/** @param mask at the picture's own size @param raw what it was made from */
export function readingOf(
  mask: Bitmap,
  { similarity, query }: Pick<RawMask, 'similarity' | 'query'>,
  pValue: number | null,
): MaskReading {
  const { parts } = componentsOf(mask);
  const areaPixels = parts.reduce((sum, { area }) => sum + area, 0);
  return {
    mask,
    areaPixels,
    boxes: bySize(parts),
    pValue,
    found: areaPixels === 0 ? false : pValue === null ? null : pValue >= rejectedBelow,
    similarity: similarity[query] ?? 0,
    query,
  };
}

/** The sigmoid of a logit is above one half where the logit is above zero. */
function positive(logits: Float32Array): Uint8Array {
  const data = new Uint8Array(logits.length);
  for (let i = 0; i < logits.length; i++) data[i] = Number((logits[i] ?? 0) > 0);
  return data;
}
