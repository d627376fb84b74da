import { plainPrompt } from '../domain/mask.js';
import type { MaskStatistics, Segmenter } from '../domain/segmenter.js';
import { betaDistribution } from './beta.js';

/** Below it the object is probably not in the picture (the notebooks of the official code). */
export const rejectedBelow = 0.05;

/** Mean probability, red, green and blue inside a mask, each as 0..1. */
export type MaskMeans = readonly [number, number, number, number];

const nothing: MaskMeans = [0, 0, 0, 0];

/**
 * What a mask looks like (inference_utils/output_processing.py, mask_stats): means over the pixels of a probability
 * from 128/255 on. Probability and picture lie on the same grid.
 * @param probabilities float32 [pixels], 0..1
 * @param pixels uint8 RGB [pixels, 3]
 * @returns all zeros where there is no such pixel (the official code divides by 0 for a peak between 127 and 128)
 */
export function meansInside(probabilities: Float32Array, pixels: Uint8Array): MaskMeans {
  let [count, probability, red, green, blue] = [0, 0, 0, 0, 0];
  for (let i = 0; i < probabilities.length; i++) {
    const level = Math.fround((probabilities[i] ?? 0) * 255);
    if (level < 128) continue;
    count += 1;
    probability += level;
    red += pixels[3 * i] ?? 0;
    green += pixels[3 * i + 1] ?? 0;
    blue += pixels[3 * i + 2] ?? 0;
  }
  if (count === 0) return nothing;
  const scale = 256 * count;
  return [probability / scale, red / scale, green / scale, blue / scale];
}

/** Two-sided p-value of one value under Beta(a, b): what a Kolmogorov–Smirnov test of a single value gives. */
export function tailProbability(x: number, a: number, b: number): number {
  const below = betaDistribution(x, a, b);
  return 2 * Math.min(below, 1 - below);
}

/** How plausible a mask's look is for an object: the geometric mean of four p-values (check_mask_stats). */
export function pValueOf(means: MaskMeans, statistics: MaskStatistics): number {
  const product = means.reduce((all, mean, i) => {
    const [a, b] = statistics[i] ?? [1, 1];
    return all * tailProbability(mean, a, b);
  }, 1);
  return product ** 0.25;
}

/**
 * The statistics for a prompt: of the object of that name in the given image type, or in the only type that has it.
 * @returns null where there are none, or where several types differ
 */
export function statisticsFor(
  { statistics }: Pick<Segmenter, 'statistics'>,
  prompt: string,
  imageType: string | null,
): MaskStatistics | null {
  const wanted = plainPrompt(prompt);
  const types = Object.entries(statistics).filter(
    ([type]) => imageType === null || plainPrompt(type) === plainPrompt(imageType),
  );
  const found = types.flatMap(([, targets]) =>
    Object.entries(targets).flatMap(([target, parameters]) => (plainPrompt(target) === wanted ? [parameters] : [])),
  );
  return found.length === 1 ? (found[0] ?? null) : null;
}
