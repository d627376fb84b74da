import { plainPrompt } from '../domain/mask.js';
import type { Segmenter } from '../domain/segmenter.js';

export interface KnownPrompt {
  readonly imageType: string;
  readonly prompt: string;
  readonly hasStatistics: boolean;
}

/**
 * What a segmenter was trained to find.
 * @param segmenter null for none, which knows nothing
 * @param imageType null for all
 */
export function promptsOf(
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
