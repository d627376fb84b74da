import type { MaskStatistics, RawMask, SegmenterInput } from '../domain/segmenter.js';
import { upsampleLogits, upsampleProbabilities } from '../imaging/masks/bilinear-resize.js';
import { meansInside, pValueOf } from './statistics/plausibility.js';
import { toPrediction } from './postprocess-mask.js';
import type { MaskPrediction } from '../imaging/masks/mask-prediction.js';
import { keptTogether, suppressCovered, winners } from './non-maximum-suppression.js';

/** What a segmenter answered to the name of an object. */
export interface ObjectAnswer {
  readonly prompt: string;
  readonly raw: RawMask;
}

export interface ObjectPrediction {
  readonly prompt: string;
  readonly reading: MaskPrediction;
}

/**
 * The objects that are in a picture, as the official code finds them (inference_utils/inference.py,
 * interactive_infer_image_all): implausible ones are left out, then those that lie on more plausible ones. Which remain
 * is decided on the working grid; pixels are parted on the picture's own.
 * @param minPValue 0..1
 * @returns the most plausible first; p-value and similarity are those of the whole mask, before pixels were given to others
 */
export function postprocessDetections(
  answers: readonly (ObjectAnswer & { readonly statistics: MaskStatistics })[],
  input: SegmenterInput,
  minPValue: number,
): readonly ObjectPrediction[] {
  const plausible = answers
    .map(({ statistics, ...answer }) => {
      const probabilities = upsampleProbabilities(answer.raw, input.size);
      return { ...answer, probabilities, pValue: pValueOf(meansInside(probabilities, input.pixels), statistics) };
    })
    .filter(({ pValue }) => pValue >= minPValue);
  const kept = keptTogether(suppressCovered(plausible));
  const places = winners(onPicture(kept, input), 0);
  const { width, height } = input.placement;
  return kept.flatMap(({ prompt, raw, pValue }, i) => {
    const data = places.map((place) => Number(place === i + 1));
    const reading = toPrediction({ width, height, data }, raw, pValue);
    // All of it lies on the padding, or on others at the picture's own size.
    return reading.areaPixels === 0 ? [] : [{ prompt, reading }];
  });
}

function* onPicture(kept: readonly ObjectAnswer[], { placement }: SegmenterInput): Generator<Float32Array> {
  for (const { raw } of kept) yield upsampleLogits(raw, placement);
}
