import type { Hit } from './client';

const words = { IMAGE: 'image match', CAPTION: 'caption match', KEYWORD: 'keyword' } as const;

/** Why a hit is here, in words: “image match, rank 2 · keyword, rank 1”. */
export function evidenceInWords(evidence: Hit['evidence']): string {
  return evidence.map(({ channel, rank }) => `${words[channel]}, rank ${rank}`).join(' · ');
}
