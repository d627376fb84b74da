import type { Article, Figure, Panel } from '../domain/figure.js';
import type { PanelId } from '../domain/ids.js';

/** What is shown of a hit. */
export interface StoredHit {
  readonly panel: Panel;
  readonly figure: Figure;
  readonly article: Article | null;
}

/** Reads what a page of hits shows, all at once. */
export abstract class HitStore {
  /** Panels that are gone are left out. */
  abstract read(panels: readonly PanelId[]): Promise<ReadonlyMap<PanelId, StoredHit>>;
}
