import {
  validateTags,
  validateText,
  type Collection,
  type CollectionItem,
  type RatedFigure,
  type Rating,
} from '../domain/collection.js';
import { validateFirst, type SeqPage } from '../domain/page.js';
import type { Viewer } from '../domain/viewer.js';
import type { CurationStore } from '../ports/curation-store.js';
import type { PageRequest } from './collections.js';

const defaultFirst = 50;

/** What is to be changed of an item. Null and undefined leave a value as it is; an empty note removes it. */
export interface ItemUpdate {
  readonly note: string | null | undefined;
  readonly tags: readonly string[] | null | undefined;
}

/** What curators say of the figures in view of a collection. docs/curation.md tells what is learned from it. */
export class Curation {
  /** @param maxFirst how many items a page has at most on this server */
  constructor(
    private readonly store: CurationStore,
    private readonly maxFirst: number,
  ) {}

  /**
   * Rates a figure, which need not be a member.
   * @param rating NONE takes a rating back
   * @throws {FigseekError} NOT_FOUND for an absent collection or figure
   */
  rate(_viewer: Viewer, collectionId: string, figureId: string, rating: Rating | 'NONE'): Promise<Collection> {
    return this.store.rate(collectionId, figureId, rating === 'NONE' ? null : rating);
  }

  /**
   * Changes the note and the tags of a member.
   * @throws {FigseekError} NOT_FOUND for an absent collection, and a figure that is no member; BAD_USER_INPUT for a note or
   *   tags that cannot be taken
   */
  async annotate(
    _viewer: Viewer,
    collectionId: string,
    figureId: string,
    { note, tags }: ItemUpdate,
  ): Promise<CollectionItem> {
    return this.store.annotate(collectionId, figureId, {
      note: note == null ? undefined : validateText(note),
      tags: tags == null ? undefined : validateTags(tags),
    });
  }

  /**
   * Rated figures of a collection in the order in which they were first rated.
   * @param rating null: both
   * @throws {FigseekError} BAD_USER_INPUT for a length that no page can have
   */
  async ratings(
    _viewer: Viewer,
    collectionId: string,
    rating: Rating | null,
    { after, first }: PageRequest,
  ): Promise<SeqPage<RatedFigure>> {
    return this.store.ratings(collectionId, {
      rating,
      after,
      first: validateFirst(first ?? defaultFirst, this.maxFirst),
    });
  }
}
