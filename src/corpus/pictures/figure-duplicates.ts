import { FigseekError } from '../../domain/errors.js';
import { isWholeFigure, type FigureId } from '../../domain/ids.js';
import type { Viewer } from '../../domain/viewer.js';
import type { ListedMatch, PendingPictures, PictureStore, StoredMatch } from '../../ports/picture-store.js';

/** A part of the list of all matches. */
export interface MatchPage {
  readonly matches: readonly ListedMatch[];
  /** What to ask the next part with; null at the end. */
  readonly next: readonly [first: number, second: number] | null;
}

/** What was found of pictures that stand in more than one figure. */
export class FigureDuplicates {
  constructor(private readonly pictures: PictureStore) {}

  /**
   * Panels of other figures that have something in common with a panel of this one: the same picture first, then the most
   * alike.
   * @param filter `minSimilarity` 0..1, null: all that was found; `isSame`: only the same picture, or only what is not,
   *   null: both
   * @throws {FigseekError} BAD_USER_INPUT for a similarity out of range
   */
  async matchesOf(
    _viewer: Viewer,
    figureId: FigureId,
    { minSimilarity, isSame }: { readonly minSimilarity: number | null; readonly isSame: boolean | null },
  ): Promise<readonly StoredMatch[]> {
    const least = checked(minSimilarity ?? 0);
    return (await this.pictures.matchesOf(figureId)).filter(
      (one) => one.similarity >= least && (isSame === null || one.isSame === isSame),
    );
  }

  /**
   * Figures that show, as wholes, the same picture as this one.
   * @param minSimilarity 0..1: other ones too that have as much in common as wholes; null: only the same picture
   */
  async figuresOf(_viewer: Viewer, figureId: FigureId, minSimilarity: number | null): Promise<readonly FigureId[]> {
    const least = minSimilarity === null ? null : checked(minSimilarity);
    const found = (await this.pictures.matchesOf(figureId)).filter(
      ({ panelId, other, isSame, similarity }) =>
        isWholeFigure(panelId) && isWholeFigure(other.panelId) && (least === null ? isSame : similarity >= least),
    );
    return [...new Set(found.map(({ other }) => other.figureId))];
  }

  /** All pairs that were found, in the order of their panels' coming. */
  async list(_viewer: Viewer, after: MatchPage['next'], first: number): Promise<MatchPage> {
    const matches = await this.pictures.listMatches(after ?? [0, 0], first);
    return { matches, next: matches.length < first ? null : (matches.at(-1)?.numbers ?? null) };
  }

  /** How many pictures were not compared yet: what they have in common with others is not known. */
  pending(_viewer: Viewer): Promise<PendingPictures> {
    return this.pictures.pending();
  }
}

function checked(similarity: number): number {
  if (similarity >= 0 && similarity <= 1) return similarity;
  throw new FigseekError('BAD_USER_INPUT', `Expected a similarity of 0 to 1 but received ${similarity}`);
}
