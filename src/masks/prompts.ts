import { plainPrompt } from '../domain/mask.js';
import type { Segmenter } from '../domain/segmenter.js';

export interface KnownPrompt {
  readonly imageType: string;
  readonly prompt: string;
  readonly hasStatistics: boolean;
}

/**
 * The prompts that a segmenter was trained on.
 * @param segmenter null where there is none
 * @param imageType null for all
 */
export function listPrompts(
  segmenter: Pick<Segmenter, 'prompts' | 'statistics'> | null,
  imageType: string | null,
): readonly KnownPrompt[] {
  return Object.entries(segmenter?.prompts ?? {})
    .filter(([type]) => imageType === null || plainPrompt(type) === plainPrompt(imageType))
    .flatMap(([type, prompts]) => {
      const known = Object.keys(segmenter?.statistics[type] ?? {}).map(plainPrompt);
      return prompts.map((prompt) => ({
        imageType: type,
        prompt,
        hasStatistics: known.includes(plainPrompt(prompt)),
      }));
    });
}
