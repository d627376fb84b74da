import type { Collection, CollectionItem, CollectionItemChange, RatedFigure, Rating } from '../domain/collection.js';
import type { FigureId } from '../domain/ids.js';
import type { SeqPage } from '../domain/page.js';

/** Which ratings are listed. */
export interface RatingsRequest {
  /** Null: both. */
  readonly rating: Rating | null;
  /** Number of the last one before; 0 for the first page. */
  readonly after: number;
  readonly first: number;
}

/** What suggestions for a collection are learned from: the newest ones of each kind. */
export interface CollectionExamples {
  readonly members: readonly FigureId[];
  readonly relevant: readonly FigureId[];
  readonly irrelevant: readonly FigureId[];
}

/**
 * What curators say of figures in view of a collection: ratings, notes and tags. A figure that is deleted loses its ratings,
 * and has them again where it comes back. Only `rate` and `annotate` throw a FigseekError NOT_FOUND for an absent
 * collection.
 */
export abstract class CurationStore {
  /**
   * Rates a figure, whether it is a member or not.
   * @param rating null: takes the rating back
   * @throws {FigseekError} NOT_FOUND also for a figure that does not exist
   */
  abstract rate(collectionId: string, figureId: string, rating: Rating | null): Promise<Collection>;

  /** Changes the note and the tags of a member. @throws {FigseekError} NOT_FOUND also where the figure is no member */
  abstract annotate(collectionId: string, figureId: string, change: CollectionItemChange): Promise<CollectionItem>;

  /** Rated figures in the order in which they were first rated; none where the collection is absent. */
  abstract ratings(collectionId: string, request: RatingsRequest): Promise<SeqPage<RatedFigure>>;

  /** Those of the figures that were rated, RELEVANT or IRRELEVANT. */
  abstract ratedAmong(collectionId: string, figureIds: readonly string[]): Promise<ReadonlySet<FigureId>>;

  /** @param limit so many of each kind at most; none where the collection is absent */
  abstract examples(collectionId: string, limit: number): Promise<CollectionExamples>;
}
