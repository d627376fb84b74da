import type { FigureId } from '../../domain/ids.js';
import type { Way } from './way-measures.js';

/** What is asked of the search: a text, or the bytes of an image file. */
export type AskedContent =
  { readonly kind: 'text'; readonly text: string } | { readonly kind: 'image'; readonly bytes: Uint8Array };

interface SearchAnswer {
  /** Best first; each figure with those that show the same picture, for which it stands. */
  readonly found: readonly (readonly FigureId[])[];
  /** Whether every vector was compared. */
  readonly exact: boolean;
}

/** The search as it is served. @param exact compare with every vector */
export type Ask = (content: AskedContent, way: Way, exact?: boolean) => Promise<SearchAnswer>;
