import { FigseekError } from '../domain/errors.js';
import type { RawImage } from '../domain/raw-image.js';
import { statisticsFor } from './statistics/plausibility.js';
import { postprocessMask } from './postprocess-mask.js';
import type { MaskPrediction } from '../imaging/masks/mask-prediction.js';
import type { Priority } from '../domain/priority.js';
import type { MaskPredictor } from '../ports/mask-predictor.js';

export interface SegmentOptions {
  /** Side of the square that the model works on; null for the package's own. */
  readonly size: number | null;
  /** Where several image types know a prompt, the one whose statistics count. */
  readonly imageType: string | null;
  readonly priority: Priority;
}

/** One prompt's answer, with what the model took for it. */
export interface PromptedMask extends MaskPrediction {
  readonly prompt: string;
  readonly imageMs: number | null;
  readonly promptMs: number;
}

/**
 * Draws a mask for each prompt, one after the other: the picture is encoded once, and no prompt changes another's mask.
 * @throws {FigseekError} BAD_USER_INPUT before the model runs, for a prompt or a size that does not fit
 */
export async function* segmentImage(
  client: MaskPredictor,
  image: RawImage,
  prompts: readonly string[],
  { size, imageType, priority }: SegmentOptions,
): AsyncGenerator<PromptedMask> {
  const { model } = client;
  const asked = prompts.map((prompt) => {
    if (prompt.trim() === '') throw new FigseekError('BAD_USER_INPUT', 'Expected a prompt but received an empty text');
    return { prompt, ids: model.tokenize(prompt) };
  });
  if (imageType !== null && !Object.keys(model.statistics).some((type) => isSame(type, imageType))) {
    const known = Object.keys(model.statistics).join(', ');
    throw new FigseekError('BAD_USER_INPUT', `${model.name} knows no image type ${imageType}; it knows ${known}`);
  }
  const input = model.preprocess(image, size ?? model.imageSize);
  for (const { prompt, ids } of asked) {
    const raw = await client.segment(input, ids, priority);
    const reading = postprocessMask(raw, input, statisticsFor(model, prompt, imageType));
    yield { ...reading, prompt, imageMs: raw.imageMs, promptMs: raw.promptMs };
  }
}

function isSame(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
