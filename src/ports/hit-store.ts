import type { PanelId } from '../domain/ids.js';
import type { StoredHit } from '../domain/stored-hit.js';

/** Reads what a page of hits shows, all at once. */
export abstract class HitStore {
  /** Panels that are gone are left out. */
  abstract read(panels: readonly PanelId[]): Promise<ReadonlyMap<PanelId, StoredHit>>;
}
