import type { GivenArticle } from './article.js';
import type { NewEmbedding } from './embedding.js';
import type { Figure, Panel } from './figure.js';
import type { PanelId } from './ids.js';

/** A figure with everything that is stored and deleted together with it. */
export interface FigureWrite {
  readonly article: GivenArticle | null;
  readonly figure: Figure;
  readonly recordHash: string;
  readonly panels: readonly Panel[];
  readonly embeddings: readonly NewEmbedding[];
  /** Signatures of the panels as pictures; those that are absent are made later, from the image file. */
  readonly signatures?: ReadonlyMap<PanelId, Uint8Array>;
}
