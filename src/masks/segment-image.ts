import { FigseekError } from '../domain/errors.js';
import type { Priority } from '../domain/priority.js';
import type { RawImage } from '../domain/raw-image.js';
import type { Segmenter, SegmenterInput } from '../domain/segmenter.js';
import type { MaskPrediction } from '../imaging/masks/mask-prediction.js';
import type { MaskPredictor } from '../ports/mask-predictor.js';
import { postprocessMask } from './postprocess-mask.js';
import { imageTypeFor, statisticsFor } from './statistics/plausibility.js';

export interface SegmentOptions {
  /** Side of the square that the model works on; null for the package's own. */
  readonly size: number | null;
  /** Where several image types know a prompt, the one whose statistics count. */
  readonly imageType: string | null;
  readonly priority: Priority;
}

/** One prompt's answer, with the time that the model took for it. */
export interface PromptedMask extends MaskPrediction {
  readonly prompt: string;
  readonly imageMs: number | null;
  readonly promptMs: number;
}

/** A prompt as a model reads it. */
interface PreparedPrompt {
  readonly prompt: string;
  readonly ids: Int32Array;
  /** The image type whose statistics give the p-value; null where the prompt alone decides that. */
  readonly imageType: string | null;
}

/**
 * @param modality that of the image; null where it is not known
 * @throws {FigseekError} BAD_USER_INPUT for a prompt that is empty or too long, and for an image type that the model does
 *   not know
 */
export function preparePrompts(
  model: Segmenter,
  prompts: readonly string[],
  { imageType, modality }: { readonly imageType: string | null; readonly modality: string | null },
): readonly PreparedPrompt[] {
  return prompts.map((prompt) => {
    if (prompt.trim() === '') throw new FigseekError('BAD_USER_INPUT', 'Expected a prompt but received an empty text');
    return { prompt, ids: model.tokenize(prompt), imageType: imageTypeFor(model, prompt, imageType, modality) };
  });
}

/** A mask for each prompt, one after the other: the image is encoded once, and no prompt changes another's mask. */
export async function* predictMasks(
  client: MaskPredictor,
  input: SegmenterInput,
  prompts: readonly PreparedPrompt[],
  priority: Priority,
): AsyncGenerator<PromptedMask> {
  for (const { prompt, ids, imageType } of prompts) {
    const raw = await client.segment(input, ids, priority);
    const prediction = postprocessMask(raw, input, statisticsFor(client.model, prompt, imageType));
    yield { ...prediction, prompt, imageMs: raw.imageMs, promptMs: raw.promptMs };
  }
}

/**
 * Draws a mask for each prompt on an image in memory.
 * @throws {FigseekError} BAD_USER_INPUT before the model runs, for a prompt, an image type or a size that does not fit
 */
export async function* segmentImage(
  client: MaskPredictor,
  image: RawImage,
  prompts: readonly string[],
  { size, imageType, priority }: SegmentOptions,
): AsyncGenerator<PromptedMask> {
  const { model } = client;
  const prepared = preparePrompts(model, prompts, { imageType, modality: null });
  yield* predictMasks(client, model.preprocess(image, size ?? model.imageSize), prepared, priority);
}
