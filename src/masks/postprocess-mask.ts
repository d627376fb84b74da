import type { MaskStatistics, RawMask, SegmenterInput } from '../domain/segmenter.js';
import { bySize, findComponents, type Bitmap } from '../imaging/masks/components.js';
import type { MaskPrediction } from '../imaging/masks/mask-prediction.js';
import { upsampleLogits, upsampleProbabilities } from '../imaging/masks/bilinear-resize.js';
import { meansInside, computePValue, significanceLevel } from './statistics/plausibility.js';

/** Reads the output of a segmenter: the mask at the size of the image, its parts and its p-value. */
export function postprocessMask(
  raw: RawMask,
  input: SegmenterInput,
  statistics: MaskStatistics | null,
): MaskPrediction {
  const { width, height } = input.placement;
  const mask = { width, height, data: positive(upsampleLogits(raw, input.placement)) };
  const pValue =
    statistics === null
      ? null
      : computePValue(meansInside(upsampleProbabilities(raw, input.size), input.pixels), statistics);
  return toPrediction(mask, raw, pValue);
}

/** @param mask at the size of the image @param raw the output that it was made from */
export function toPrediction(
  mask: Bitmap,
  { similarity, query }: Pick<RawMask, 'similarity' | 'query'>,
  pValue: number | null,
): MaskPrediction {
  const { parts } = findComponents(mask);
  const areaPixels = parts.reduce((sum, { area }) => sum + area, 0);
  return {
    mask,
    areaPixels,
    boxes: bySize(parts),
    pValue,
    found: areaPixels === 0 ? false : pValue === null ? null : pValue >= significanceLevel,
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
