import type { FigureId, ImageHash, PanelId } from '../domain/ids.js';
import type { EmbeddingReader } from '../store/repositories/embedding-reader.js';
import type { FigureReader } from '../store/repositories/figure-reader.js';
import type { VectorSpace } from '../vectors/vector-space.js';

/**
 * From this cosine of their image vectors on, two figures count as near-identical: the same picture at another size or
 * compression. Measured on copies of real figures (docs/search.md).
 */
export const nearIdentical = 0.985;

interface Ranked {
  readonly panelId: PanelId;
  readonly figureId: FigureId;
}

/** Past this many at once only equal files are taken together: each is compared with all before it. */
const mostCompared = 400;

/** Near-identical figures in an answer: the best one stands for its group. */
export class Duplicates {
  constructor(
    private readonly space: VectorSpace,
    private readonly embeddings: EmbeddingReader,
    private readonly figures: FigureReader,
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
    const hashes = await this.figures.imageHashes(all.map(({ figureId }) => figureId));
    const likeBefore = await this.nearPairs(all.slice(0, mostCompared));
    const byHash = new Map<ImageHash, number>();
    const standsFor = new Map<number, number>();
    const grown = new Map<number, FigureId[]>();
    for (const [place, { figureId }] of all.entries()) {
      const hash = hashes.get(figureId);
      const before = (hash === undefined ? undefined : byHash.get(hash)) ?? likeBefore.get(place);
      if (place >= kept.length && before !== undefined) {
        // A duplicate of a duplicate belongs to the same group.
        const representative = standsFor.get(before) ?? before;
        standsFor.set(place, representative);
        grown.set(representative, [...(grown.get(representative) ?? []), figureId]);
      } else if (hash !== undefined && !byHash.has(hash)) {
        byHash.set(hash, place);
      }
    }
    const before = kept.map(({ duplicates }) => duplicates);
    return all.flatMap((one, place) =>
      standsFor.has(place) ? [] : [{ ...one, duplicates: [...(before[place] ?? []), ...(grown.get(place) ?? [])] }],
    );
  }

  /** Figures of the corpus near-identical to one, most alike first. */
  async of(figureId: FigureId, panelId: PanelId, minSimilarity: number): Promise<readonly FigureId[]> {
    const vector = await this.embeddings.vectorOfPanel(panelId, this.space.space.version, 'IMAGE');
    if (vector === null) return [];
    const { panels } = await this.space.search('IMAGE', vector, { k: 200 });
    const near = panels.filter(({ score }) => score >= minSimilarity).map((panel) => panel.panelId);
    const figures = await this.figures.figuresOfPanels(near);
    const found = near.flatMap((panel) => figures.get(panel) ?? []);
    return [...new Set(found)].filter((id) => id !== figureId);
  }

  /** For each place the first place before it that is near-identical. */
  private async nearPairs(ranked: readonly Ranked[]): Promise<ReadonlyMap<number, number>> {
    const { IMAGE } = await this.embeddings.vectorsOfPanels(
      ranked.map(({ panelId }) => panelId),
      this.space.space.version,
    );
    const placed = ranked.flatMap(({ panelId }, place) => {
      const vector = IMAGE.get(panelId);
      return vector === undefined ? [] : [{ place, vector }];
    });
    const pairs = await this.space.nearPairs(
      placed.map(({ vector }) => vector),
      nearIdentical,
    );
    const earliest = new Map<number, number>();
    for (const [first, second] of pairs) {
      const place = placed[second]?.place;
      const before = placed[first]?.place;
      if (place === undefined || before === undefined) continue;
      earliest.set(place, Math.min(before, earliest.get(place) ?? before));
    }
    return earliest;
  }
}
