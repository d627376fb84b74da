import { FigseekError } from '../../domain/errors.js';
import { plainPrompt } from '../../domain/mask.js';
import type { MaskStatistics, Segmenter } from '../../domain/segmenter.js';
import { betaDistribution } from './beta.js';

/** Below this p-value the object is probably not in the image (the notebooks of the official code). */
export const significanceLevel = 0.05;

/** Mean probability, red, green and blue inside a mask, each as 0..1. */
export type MaskMeans = readonly [number, number, number, number];

const nothing: MaskMeans = [0, 0, 0, 0];

/**
 * Means over the pixels of a mask (inference_utils/output_processing.py, mask_stats): those with a probability of at least
 * 128/255. Probabilities and image have the same size.
 * @param probabilities float32 [pixels], 0..1
 * @param pixels uint8 RGB [pixels, 3]
 * @returns zeros where there is no such pixel (the official code divides by 0 where the highest level is between 127 and 128)
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

/** How plausible the means of a mask are for an object: the geometric mean of four p-values (check_mask_stats). */
export function computePValue(means: MaskMeans, statistics: MaskStatistics): number {
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
  model: Pick<Segmenter, 'statistics'>,
  prompt: string,
  imageType: string | null,
): MaskStatistics | null {
  const found = findStatistics(model, prompt).filter(
    ([type]) => imageType === null || plainPrompt(type) === plainPrompt(imageType),
  );
  return found.length === 1 ? (found[0]?.[1] ?? null) : null;
}

/**
 * The image type for the key of a mask: null where the prompt alone selects the statistics.
 * @param asked the image type that was requested
 * @param modality that of the figure; it counts only where it names an image type that knows the prompt
 * @throws {FigseekError} BAD_USER_INPUT for an image type that the model does not know
 */
export function imageTypeFor(
  model: Pick<Segmenter, 'name' | 'prompts' | 'statistics'>,
  prompt: string,
  asked: string | null,
  modality: string | null,
): string | null {
  const having = findStatistics(model, prompt).map(([type]) => type);
  if (asked === null) {
    const [named = null, another] = having.filter((type) => modality !== null && typeName(type) === typeName(modality));
    return having.length > 1 && another === undefined ? named : null;
  }
  const found = knownType(model, asked);
  return having.length === 1 && having[0] === found ? null : found;
}

/**
 * The objects of an image type whose presence can be tested, which needs statistics.
 * @returns the model's own name of the image type, and its objects with statistics in the package's order
 * @throws {FigseekError} BAD_USER_INPUT for an image type that the model does not know, or has no statistics for
 */
export function detectablePrompts(
  model: Pick<Segmenter, 'name' | 'prompts' | 'statistics'>,
  asked: string,
): { readonly imageType: string; readonly prompts: readonly string[] } {
  const imageType = knownType(model, asked);
  const prompts = [...new Set(model.prompts[imageType]?.map(plainPrompt))];
  const known = prompts.filter((prompt) => statisticsFor(model, prompt, imageType) !== null);
  if (known.length > 0) return { imageType, prompts: known };
  const message = `${model.name} has no statistics for objects of ${imageType}, so nothing tells which are there; ask for masks by their prompts (${prompts.join(', ')})`;
  throw new FigseekError('BAD_USER_INPUT', message);
}

/** The image types that have statistics for a prompt: of several, one must be named. */
export function typesKnowing(model: Pick<Segmenter, 'statistics'>, prompt: string): readonly string[] {
  return [...new Set(findStatistics(model, prompt).map(([type]) => type))];
}

/** Each image type that has statistics for a prompt, with them. */
function findStatistics(
  { statistics }: Pick<Segmenter, 'statistics'>,
  prompt: string,
): readonly (readonly [string, MaskStatistics])[] {
  const wanted = plainPrompt(prompt);
  return Object.entries(statistics).flatMap(([type, targets]) =>
    Object.entries(targets).flatMap(([target, parameters]): (readonly [string, MaskStatistics])[] =>
      plainPrompt(target) === wanted ? [[type, parameters]] : [],
    ),
  );
}

function knownType(model: Pick<Segmenter, 'name' | 'prompts' | 'statistics'>, asked: string): string {
  const types = [...new Set([...Object.keys(model.prompts), ...Object.keys(model.statistics)])];
  const found = types.find((type) => typeName(type) === typeName(asked));
  if (found !== undefined) return found;
  const message = `${model.name} knows no image type ${asked.slice(0, 80)}; it knows ${types.join(', ')}`;
  throw new FigseekError('BAD_USER_INPUT', message);
}

/** “X-Ray-Chest”, “x-ray chest” and “X_RAY_CHEST” are one. */
export function typeName(type: string): string {
  return plainPrompt(type.replace(/[-_]/g, ' '));
}
