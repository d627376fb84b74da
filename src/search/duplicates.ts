import { isWholeFigure, wholeFigurePanelId, type FigureId } from '../domain/ids.js';
import type { IndexedPanel } from '../domain/search.js';
import type { VectorIndex } from '../ports/vector-index.js';
import type { Viewer } from '../domain/viewer.js';

/**
 * From this cosine of their image vectors on, two figures count as near-identical: the same picture at another size or
 * compression. Measured on copies of real figures and on what else it takes in (docs/search.md): a copy that stands twice
 * in an answer does less harm than another picture that is folded away.
 */
export const duplicateThreshold = 0.999;

interface Collapsible extends IndexedPanel {
  /** Near-identical figures that this one stands for. */
  readonly duplicates: readonly FigureId[];
}

/** At most so many duplicates of one figure are named; so deep its neighbors are looked through. */
const initialDepth = 200;
const maxDepth = 6400;

/** Past this many at once only equal files are taken together: each is compared with all before it. */
const maxCompared = 400;

/** Near-identical figures in an answer: the best one stands for its group. */
export class DuplicateCollapser {
  constructor(private readonly index: VectorIndex) {}

  /**
   * @param kept figures that have their place
   * @param fresh figures to be placed behind them, best first
   * @returns `kept`, then those of `fresh` that stand for themselves; the others are named as duplicates of one of these
   */
  async collapse<Hit extends Collapsible>(kept: readonly Hit[], fresh: readonly Hit[]): Promise<readonly Hit[]> {
    const all = [...kept, ...fresh];
    const likeBefore = await this.findNearDuplicates(all.slice(0, maxCompared));
    const byHash = new Map<string, number>();
    const standsFor = new Map<number, number>();
    const grown = new Map<number, FigureId[]>();
    for (const [place, { figureId, imageKey }] of all.entries()) {
      const before = byHash.get(imageKey) ?? likeBefore.get(place);
      if (place >= kept.length && before !== undefined) {
        // A duplicate of a duplicate belongs to the same group.
        const representative = standsFor.get(before) ?? before;
        standsFor.set(place, representative);
        const group = grown.get(representative);
        if (group === undefined) grown.set(representative, [figureId]);
        else group.push(figureId);
      } else if (!byHash.has(imageKey)) {
        byHash.set(imageKey, place);
      }
    }
    return all.flatMap((one, place) => {
      if (standsFor.has(place)) return [];
      const more = grown.get(place);
      return more === undefined ? [one] : [{ ...one, duplicates: [...one.duplicates, ...more] }];
    });
  }

  /** Figures of the corpus near-identical to one, most alike first. */
  async duplicatesOf(_viewer: Viewer, figureId: FigureId, minSimilarity: number): Promise<readonly FigureId[]> {
    const { IMAGE: vector } = await this.index.vectorsOf(wholeFigurePanelId(figureId));
    if (vector === null) return [];
    // Panels of compound figures take places of whole ones: asked for more until all near ones are there.
    for (let k = initialDepth; ; k *= 2) {
      const { panels } = await this.index.search('IMAGE', vector, { k });
      const near = panels.filter(({ score, panelId: found }) => score >= minSimilarity && isWholeFigure(found));
      const isAll = panels.length < k || (panels.at(-1)?.score ?? 0) < minSimilarity;
      if (!isAll && near.length < initialDepth && k < maxDepth) continue;
      return [...new Set(near.map((panel) => panel.figureId))].filter((id) => id !== figureId).slice(0, initialDepth);
    }
  }

  /** For each place the first place before it that is near-identical. */
  private async findNearDuplicates(ranked: readonly IndexedPanel[]): Promise<ReadonlyMap<number, number>> {
    // As wholes: two different compound figures may share a panel.
    const panels = ranked.map(({ panelId, figureId }) =>
      isWholeFigure(panelId) ? panelId : wholeFigurePanelId(figureId),
    );
    const earliest = new Map<number, number>();
    for (const [first, second] of await this.index.findNearDuplicates(panels, duplicateThreshold)) {
      earliest.set(second, Math.min(first, earliest.get(second) ?? first));
    }
    return earliest;
  }
}
