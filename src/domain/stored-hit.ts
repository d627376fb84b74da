import type { Article, Figure, Panel } from './figure.js';

/** What is shown of a hit. */
export interface StoredHit {
  readonly panel: Panel;
  readonly figure: Figure;
  readonly article: Article | null;
}
