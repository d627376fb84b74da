import { validateName, validateText, type Collection, type CollectionItem } from '../domain/collection.js';
import { FigseekError } from '../domain/errors.js';
import type { CollectionId, FigureId } from '../domain/ids.js';
import { validateFirst, type SeqPage } from '../domain/page.js';
import type { CollectionStore } from '../ports/collection-store.js';
import type { Viewer } from '../domain/viewer.js';

const defaultFirst = 20;
const defaultFirstItems = 50;
/** One statement handles all figures of a change; more are to be sent in several requests. */
const maxFigures = 1000;

/** A part of a list. */
export interface PageRequest {
  /** Number of the last item before the page; 0 for the first page. */
  readonly after: number;
  /** How many items, 1 to 1000; null for the default. The server's own limit may give fewer. */
  readonly first: number | null;
}

/** What is to be changed. Null and undefined leave a value as it is, and an empty description removes it. */
export interface CollectionUpdate {
  readonly name: string | null | undefined;
  readonly description: string | null | undefined;
}

/**
 * Collections of figures: lists them, creates, changes and deletes them.
 *
 * All methods throw a FigseekError BAD_USER_INPUT for a value that cannot be taken. Changes throw NOT_FOUND for a collection
 * that does not exist.
 */
export class Collections {
  /** @param maxFirst how many items a page has at most on this server */
  constructor(
    private readonly store: CollectionStore,
    private readonly maxFirst: number,
  ) {}

  /** Collections by their ids; those that do not exist are left out. */
  byIds(_viewer: Viewer, ids: readonly string[]): Promise<ReadonlyMap<CollectionId, Collection>> {
    return this.store.byIds(ids);
  }

  /** The collections of each figure that is in one, in the order in which they were created. */
  ofFigures(_viewer: Viewer, figureIds: readonly string[]): Promise<ReadonlyMap<FigureId, readonly Collection[]>> {
    return this.store.ofFigures(figureIds);
  }

  /** All collections in the order in which they were created. */
  async page(_viewer: Viewer, { after, first }: PageRequest): Promise<SeqPage<Collection>> {
    return this.store.page(after, validateFirst(first ?? defaultFirst, this.maxFirst));
  }

  /** The figures of a collection in the order in which they were added. */
  async items(_viewer: Viewer, id: string, { after, first }: PageRequest): Promise<SeqPage<CollectionItem>> {
    return this.store.items(id, after, validateFirst(first ?? defaultFirstItems, this.maxFirst));
  }

  async create(_viewer: Viewer, name: string, description: string | null | undefined): Promise<Collection> {
    return this.store.create(validateName(name), validateText(description));
  }

  async update(_viewer: Viewer, id: string, { name, description }: CollectionUpdate): Promise<Collection> {
    return this.store.update(id, {
      name: name == null ? undefined : validateName(name),
      description: description == null ? undefined : validateText(description),
    });
  }

  /** Its figures stay in the corpus, and it can be restored for 30 days. @returns its id */
  async delete(_viewer: Viewer, id: string): Promise<string> {
    await this.store.delete(id);
    return id;
  }

  /**
   * Brings a deleted collection back, with its members, notes, tags and ratings; one that was not deleted stays as it is.
   * @throws {FigseekError} NOT_FOUND where it was deleted more than 30 days ago
   */
  restore(_viewer: Viewer, id: string): Promise<Collection> {
    return this.store.restore(id);
  }

  /**
   * Adds figures in their order, all or none. A figure that is a member already keeps its place, and gets the note where
   * one is given. One that was removed in the last 30 days returns to its place, with its note, tags and rating.
   * @param figureIds at most 1000
   * @throws {FigseekError} NOT_FOUND also for figures that do not exist
   */
  async add(
    _viewer: Viewer,
    id: string,
    figureIds: readonly string[],
    note: string | null | undefined,
  ): Promise<Collection> {
    return this.store.add(id, validateFigures(figureIds), validateText(note));
  }

  /** Removes figures; those that are no members are passed over. @param figureIds at most 1000 */
  async remove(_viewer: Viewer, id: string, figureIds: readonly string[]): Promise<Collection> {
    return this.store.remove(id, validateFigures(figureIds));
  }
}

function validateFigures(figureIds: readonly string[]): readonly string[] {
  if (figureIds.length <= maxFigures) return figureIds;
  throw new FigseekError('BAD_USER_INPUT', `Expected at most ${maxFigures} figures but received ${figureIds.length}`);
}
