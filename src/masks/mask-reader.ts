import type { Figure, Panel } from '../domain/figure.js';
import type { Mask, MaskShape } from '../domain/mask.js';
import { isMaskOf, type StoredMask } from '../domain/stored-mask.js';
import type { MaskStore } from '../ports/mask-store.js';
import { placeMask } from './place-mask.js';
import type { Viewer } from '../domain/viewer.js';

/** A figure and all of its panels as they are now. */
interface FigureWithPanels {
  readonly figure: Pick<Figure, 'imageHash'>;
  readonly panels: readonly Panel[];
}

/** Reads masks that were made; it makes none. */
export class MaskReader {
  constructor(private readonly store: MaskStore) {}

  /** Stored masks by their hashes; those that are absent are left out. */
  byHashes(_viewer: Viewer, hashes: readonly string[]): Promise<ReadonlyMap<string, StoredMask>> {
    return this.store.byHashes(hashes);
  }

  /** Pixels and polygons by the hash of their mask; masks that are not READY are left out. */
  shapes(_viewer: Viewer, hashes: readonly string[]): Promise<ReadonlyMap<string, MaskShape>> {
    return this.store.shapes(hashes);
  }

  /**
   * The masks of each figure: those of its image that belong to one of its panels, in the order in which they were made.
   * @param figures null for a figure that does not exist, which has no masks
   */
  async ofFigures(
    _viewer: Viewer,
    figures: readonly (FigureWithPanels | null)[],
  ): Promise<readonly (readonly Mask[])[]> {
    const masks = await this.store.ofImages(figures.flatMap((one) => one?.figure.imageHash ?? []));
    return figures.map((one) => {
      if (one === null) return [];
      const { figure, panels } = one;
      return masks.flatMap((mask) => {
        const panel = panels.find(({ box }) => isMaskOf(mask, figure.imageHash, box));
        return panel === undefined ? [] : [placeMask(panel, mask)];
      });
    });
  }
}
