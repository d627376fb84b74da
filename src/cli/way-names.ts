import type { Way } from '../evaluation/known-items/way-measures.js';

/** The channels as a person calls them who has not read docs/search.md. */
export const wayNames: Readonly<Record<Way, string>> = {
  FUSED: 'all channels',
  KEYWORD: 'words (BM25)',
  CAPTION: 'captions',
  IMAGE: 'images',
};
