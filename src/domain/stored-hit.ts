import type { Article } from './article.js';
import type { Figure, Panel } from './figure.js';

/** What is shown of a hit. */
export interface StoredHit {
  readonly panel: Panel;
  readonly figure: Figure;
  readonly article: Article | null;
}
