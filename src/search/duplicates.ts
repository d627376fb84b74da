import type { FigureId } from '../domain/ids.js';
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
    for (const [place, { panelId, figureId, imageKey }] of all.entries()) {
      const group = this.panels.groupOf(panelId);
      const before = placeOf.get(imageKey) ?? (group === 0 ? undefined : placeOf.get(group));
      if (place >= kept.length && before !== undefined) {
        hidden.add(place);
        const names = grown.get(before);
        if (names === undefined) grown.set(before, [figureId]);
        else names.push(figureId);
      }
      const representative = before ?? place;
      if (!placeOf.has(imageKey)) placeOf.set(imageKey, representative);
      if (group !== 0 && !placeOf.has(group)) placeOf.set(group, representative);
    }
    if (hidden.size === 0) return all;
    return all.flatMap((one, place) => {
      if (hidden.has(place)) return [];
      const more = grown.get(place);
      return more === undefined ? [one] : [{ ...one, duplicates: [...one.duplicates, ...more] }];
    });
  }
}
