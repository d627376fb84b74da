import {
  notAMember,
  type Collection,
  type CollectionItem,
  type CollectionItemChange,
  type RatedFigure,
  type Rating,
} from '../../src/domain/collection.js';
import { unknownFigure } from '../../src/domain/errors.js';
import type { FigureId } from '../../src/domain/ids.js';
import { toPage, type SeqPage } from '../../src/domain/page.js';
import { CurationStore, type CollectionExamples, type RatingsRequest } from '../../src/ports/curation-store.js';
import type { MemoryCollection, MemoryCollectionStore } from './memory-collection-store.js';

/** What curators say, in memory, beside the collections. */
export class MemoryCurationStore extends CurationStore {
  constructor(private readonly collections: MemoryCollectionStore) {
    super();
  }

  async rate(collectionId: string, figureId: string, rating: Rating | null): Promise<Collection> {
    const row = await Promise.resolve(this.collections.expectRow(collectionId));
    const id = figureId as FigureId;
    if (!(await this.collections.existing([figureId])).has(id)) throw unknownFigure(figureId);
    const seq = row.ratings.get(id)?.seq ?? this.collections.nextSeq();
    if (rating === null) row.ratings.delete(id);
    else row.ratings.set(id, { seq, rating, ratedAt: new Date() });
    return this.collections.toCollection(row);
  }

  async annotate(
    collectionId: string,
    figureId: string,
    { note, tags }: CollectionItemChange,
  ): Promise<CollectionItem> {
    const row = await Promise.resolve(this.collections.expectRow(collectionId));
    const item = row.items.get(figureId as FigureId);
    if (item === undefined) throw notAMember(figureId, collectionId);
    const changed = { ...item, note: note === undefined ? item.note : note, tags: tags ?? item.tags };
    row.items.set(item.figureId, changed);
    return { ...changed, rating: row.ratings.get(item.figureId)?.rating ?? null };
  }

  async ratings(collectionId: string, { rating, after, first }: RatingsRequest): Promise<SeqPage<RatedFigure>> {
    const row = this.collections.find(collectionId);
    const rated = row === undefined ? [] : await this.ratedOf(row);
    const wanted = rated.filter((one) => one.seq > after && (rating === null || one.rating === rating));
    return toPage(wanted.slice(0, first + 1), first);
  }

  async ratedAmong(collectionId: string, figureIds: readonly string[]): Promise<ReadonlySet<FigureId>> {
    const row = this.collections.find(collectionId);
    const rated = row === undefined ? [] : await this.ratedOf(row);
    return new Set(rated.map(({ figureId }) => figureId).filter((id) => figureIds.includes(id)));
  }

  async examples(collectionId: string, limit: number): Promise<CollectionExamples> {
    const row = this.collections.find(collectionId);
    if (row === undefined) return { members: [], relevant: [], irrelevant: [] };
    const rated = await this.ratedOf(row);
    const newest = (figures: readonly { readonly figureId: FigureId }[]) =>
      figures
        .map(({ figureId }) => figureId)
        .toReversed()
        .slice(0, limit);
    return {
      members: newest(await this.collections.itemsOf(row)),
      relevant: newest(rated.filter(({ rating }) => rating === 'RELEVANT')),
      irrelevant: newest(rated.filter(({ rating }) => rating === 'IRRELEVANT')),
    };
  }

  private async ratedOf({ ratings, items }: MemoryCollection) {
    const existing = await this.collections.existing(ratings.keys());
    return [...ratings]
      .filter(([figureId]) => existing.has(figureId))
      .map(([figureId, rating]) => ({ figureId, ...rating, isMember: items.has(figureId) }))
      .sort((one, other) => one.seq - other.seq);
  }
}
