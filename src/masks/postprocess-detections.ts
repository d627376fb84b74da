import type { MaskStatistics, RawMask, SegmenterInput } from '../domain/segmenter.js';
import { upsampleLogits, upsampleProbabilities } from '../imaging/masks/bilinear-resize.js';
import { meansInside, computePValue } from './statistics/plausibility.js';
import { toPrediction } from './postprocess-mask.js';
import type { MaskPrediction } from '../imaging/masks/mask-prediction.js';
import { keptTogether, suppressOverlapping, winners } from './non-maximum-suppression.js';

/** The output of a segmenter for the name of an object. */
export interface ObjectAnswer {
  readonly prompt: string;
  readonly raw: RawMask;
}

export interface ObjectPrediction {
  readonly prompt: string;
  readonly prediction: MaskPrediction;
}

/**
 * The objects that are in an image, as the official code finds them (inference_utils/inference.py,
 * interactive_infer_image_all): implausible objects are left out, then those that lie on more plausible ones. This is
 * decided at the size of the model's input; then each pixel of the image is given to one object.
 * @param minPValue 0..1
 * @returns the most plausible first; p-value and similarity are those of the whole mask, before pixels went to other objects
 */
export function postprocessDetections(
  answers: readonly (ObjectAnswer & { readonly statistics: MaskStatistics })[],
  input: SegmenterInput,
  minPValue: number,
): readonly ObjectPrediction[] {
  const plausible = answers
    .map(({ statistics, ...answer }) => {
      const probabilities = upsampleProbabilities(answer.raw, input.size);
      return { ...answer, probabilities, pValue: computePValue(meansInside(probabilities, input.pixels), statistics) };
    })
    .filter(({ pValue }) => pValue >= minPValue);
  const kept = keptTogether(suppressOverlapping(plausible));
  const places = winners(upsampleAll(kept, input), 0);
  const { width, height } = input.placement;
  return kept.flatMap(({ prompt, raw, pValue }, i) => {
    const data = places.map((place) => Number(place === i + 1));
    const prediction = toPrediction({ width, height, data }, raw, pValue);
    // Empty where all of it lies on the padding, or on other objects at the size of the image.
    return prediction.areaPixels === 0 ? [] : [{ prompt, prediction }];
  });
}

/** The logits of each object at the size of the image; made one after the other, as together they would fill the memory. */
function* upsampleAll(kept: readonly ObjectAnswer[], { placement }: SegmenterInput): Generator<Float32Array> {
  for (const { raw } of kept) yield upsampleLogits(raw, placement);
}
