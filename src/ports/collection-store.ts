import type { Collection, CollectionChange, CollectionItem } from '../domain/collection.js';
import type { CollectionId, FigureId } from '../domain/ids.js';
import type { SeqPage } from '../domain/page.js';

/**
 * Collections and their figures. A figure that is deleted leaves its collections. A change of an absent collection throws
 * a FigseekError NOT_FOUND.
 */
export abstract class CollectionStore {
  /** Collections that are absent are left out. */
  abstract byIds(ids: readonly string[]): Promise<ReadonlyMap<CollectionId, Collection>>;

  /** Collections in the order in which they were created. @param after number of the last one before; 0 for the first page */
  abstract page(after: number, first: number): Promise<SeqPage<Collection>>;

  /** The figures of a collection in the order in which they were added; none where it is absent. @param after as in `page` */
  abstract items(id: string, after: number, first: number): Promise<SeqPage<CollectionItem>>;

  /** The collections of each figure that is in one, in the order in which they were created. */
  abstract ofFigures(figureIds: readonly string[]): Promise<ReadonlyMap<FigureId, readonly Collection[]>>;

  abstract create(name: string, description: string | null): Promise<Collection>;

  abstract update(id: string, change: CollectionChange): Promise<Collection>;

  /** Its figures stay in the corpus, and the collection can be restored for some time. */
  abstract delete(id: string): Promise<void>;

  /**
   * Brings a deleted collection back, with its members, notes, tags and ratings; one that was not deleted stays as it is.
   * @throws {FigseekError} NOT_FOUND where it was deleted more than `restorableDays` ago
   */
  abstract restore(id: string): Promise<Collection>;

  /**
   * Adds figures in their order, all or none. A figure that is a member already keeps its place, and gets the note where
   * one is given. One that was removed in the last `restorableDays` returns to its place, with its tags, its rating and, where
   * no other is given, its note.
   * @throws {FigseekError} NOT_FOUND naming figures that do not exist
   */
  abstract add(id: string, figureIds: readonly string[], note: string | null): Promise<Collection>;

  /**
   * Removes figures; those that are no members are passed over. A rating RELEVANT goes with the member, one of IRRELEVANT
   * stays.
   */
  abstract remove(id: string, figureIds: readonly string[]): Promise<Collection>;
}
