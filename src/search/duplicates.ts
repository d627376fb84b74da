import { wholeFigurePanelId, type FigureId } from '../domain/ids.js';
import type { IndexedPanel } from '../domain/search.js';
import type { PanelDirectory } from '../ports/panel-directory.js';

interface Collapsible extends IndexedPanel {
  /** Figures with the same picture that this one stands for. */
  readonly duplicates: readonly FigureId[];
}

/**
 * Figures of an answer that show the same picture: the best one stands for its group. Equal files count as the same, and what
 * a comparison of pixels proved to be (src/corpus/pictures); vectors that are near to each other never do. Nothing is read:
 * the groups are in memory.
 */
export class DuplicateCollapser {
  constructor(private readonly panels: Pick<PanelDirectory, 'groupOf'>) {}

  /**
   * @param kept figures that have their place
   * @param fresh figures to be placed behind them, best first
   * @returns `kept`, then those of `fresh` that stand for themselves; the others are named as duplicates of one of these
   */
  collapse<Hit extends Collapsible>(kept: readonly Hit[], fresh: readonly Hit[]): readonly Hit[] {
    const all = [...kept, ...fresh];
    const placeOf = new Map<string | number, number>();
    const grown = new Map<number, FigureId[]>();
    const hidden = new Set<number>();
    for (const [place, { figureId, imageKey }] of all.entries()) {
      // As wholes: two different compound figures may share a panel.
      const group = this.panels.groupOf(wholeFigurePanelId(figureId));
      const keys = group === 0 ? [imageKey] : [imageKey, group];
      const before = keys.flatMap((key) => placeOf.get(key) ?? []).at(0);
      if (place >= kept.length && before !== undefined) {
        hidden.add(place);
        const names = grown.get(before);
        if (names === undefined) grown.set(before, [figureId]);
        else names.push(figureId);
      }
      const representative = before ?? place;
      for (const key of keys) if (!placeOf.has(key)) placeOf.set(key, representative);
    }
    return all.flatMap((one, place) => {
      if (hidden.has(place)) return [];
      const more = grown.get(place);
      return more === undefined ? [one] : [{ ...one, duplicates: [...one.duplicates, ...more] }];
    });
  }
}
