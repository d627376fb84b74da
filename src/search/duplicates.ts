import { figureIdOfPanel, type FigureId, type ImageHash, type PanelId } from '../domain/ids.js';
import type { IndexedPanel } from '../domain/search.js';
import type { EmbeddingReader } from '../adapters/sqlite/embedding-reader.js';
import type { VectorIndex } from '../adapters/hnsw/vector-index.js';

/**
 * From this cosine of their image vectors on, two figures count as near-identical: the same picture at another size or
 * compression. Measured on copies of real figures and on what else it takes in (docs/search.md): a copy that stands twice
 * in an answer does less harm than another picture that is folded away.
 */
export const duplicateThreshold = 0.999;

interface Ranked extends IndexedPanel {
  readonly figureId: FigureId;
}

/** Past this many at once only equal files are taken together: each is compared with all before it. */
const maxCompared = 400;

/** Near-identical figures in an answer: the best one stands for its group. */
export class DuplicateCollapser {
  constructor(
    private readonly space: VectorIndex,
    private readonly embeddings: EmbeddingReader,
  ) {}

  /**
   * @param kept figures that have their place
   * @param fresh figures to be placed behind them, best first
   * @returns `kept`, then those of `fresh` that stand for themselves; the others are named as duplicates of one of these
   */
  async collapse<Fresh extends Ranked>(
    kept: readonly (Fresh & { readonly duplicates: readonly FigureId[] })[],
    fresh: readonly Fresh[],
  ): Promise<readonly (Fresh & { readonly duplicates: readonly FigureId[] })[]> {
    const all = [...kept, ...fresh];
    const likeBefore = await this.findNearDuplicates(all.slice(0, maxCompared));
    const byHash = new Map<ImageHash, number>();
    const standsFor = new Map<number, number>();
    const grown = new Map<number, FigureId[]>();
    for (const [place, { figureId, imageHash }] of all.entries()) {
      const before = byHash.get(imageHash) ?? likeBefore.get(place);
      if (place >= kept.length && before !== undefined) {
        // A duplicate of a duplicate belongs to the same group.
        const representative = standsFor.get(before) ?? before;
        standsFor.set(place, representative);
        grown.set(representative, [...(grown.get(representative) ?? []), figureId]);
      } else if (!byHash.has(imageHash)) {
        byHash.set(imageHash, place);
      }
    }
    const before = kept.map(({ duplicates }) => duplicates);
    return all.flatMap((one, place) =>
      standsFor.has(place) ? [] : [{ ...one, duplicates: [...(before[place] ?? []), ...(grown.get(place) ?? [])] }],
    );
  }

  /** Figures of the corpus near-identical to one, most alike first. */
  async duplicatesOf(figureId: FigureId, panelId: PanelId, minSimilarity: number): Promise<readonly FigureId[]> {
    const vector = await this.embeddings.vectorOfPanel(panelId, this.space.space.version, 'IMAGE');
    if (vector === null) return [];
    const { panels } = await this.space.search('IMAGE', vector, { k: 200 });
    const near = panels.filter(({ score }) => score >= minSimilarity).map((panel) => figureIdOfPanel(panel.panelId));
    return [...new Set(near)].filter((id) => id !== figureId);
  }

  /** For each place the first place before it that is near-identical. */
  private async findNearDuplicates(ranked: readonly Ranked[]): Promise<ReadonlyMap<number, number>> {
    const placed = await this.space.vectorsOf(
      'IMAGE',
      ranked.map(({ labels }, place) => ({ labels, place })),
    );
    const pairs = await this.space.findNearDuplicates(
      placed.map(({ vector }) => vector),
      duplicateThreshold,
    );
    const earliest = new Map<number, number>();
    for (const [first, second] of pairs) {
      const place = placed[second]?.panel.place;
      const before = placed[first]?.panel.place;
      if (place === undefined || before === undefined) continue;
      earliest.set(place, Math.min(before, earliest.get(place) ?? before));
    }
    return earliest;
  }
}
