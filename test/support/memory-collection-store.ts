import {
  noDeletedCollection,
  unknownCollection,
  unknownFigures,
  type Collection,
  type CollectionChange,
  type CollectionItem,
  type Rating,
} from '../../src/domain/collection.js';
import type { CollectionId, FigureId } from '../../src/domain/ids.js';
import { toPage, type SeqPage } from '../../src/domain/page.js';
import type { FigureStore } from '../../src/ports/figure-store.js';
import { CollectionStore } from '../../src/ports/collection-store.js';

type MemoryItem = Omit<CollectionItem, 'rating'> & { readonly seq: number };

interface MemoryRating {
  readonly seq: number;
  readonly rating: Rating;
  readonly ratedAt: Date;
}

export interface MemoryCollection {
  readonly seq: number;
  readonly collection: Omit<Collection, 'size'>;
  readonly items: Map<FigureId, MemoryItem>;
  readonly ratings: Map<FigureId, MemoryRating>;
  readonly removed: Map<FigureId, { readonly item: MemoryItem; readonly rating: MemoryRating | null }>;
}

/** Collections in memory. */
export class MemoryCollectionStore extends CollectionStore {
  private readonly rows = new Map<string, MemoryCollection>();
  private readonly deleted = new Map<string, MemoryCollection>();
  private lastSeq = 0;

  /** @param figures the figures that exist */
  constructor(private readonly figures: Pick<FigureStore, 'figuresByIds'>) {
    super();
  }

  async byIds(ids: readonly string[]): Promise<ReadonlyMap<CollectionId, Collection>> {
    const found = ids.flatMap((id) => this.rows.get(id) ?? []);
    const collections = await Promise.all(found.map((row) => this.toCollection(row)));
    return new Map(collections.map((collection) => [collection.id, collection]));
  }

  async page(after: number, first: number): Promise<SeqPage<Collection>> {
    const rows = [...this.rows.values()].filter(({ seq }) => seq > after).slice(0, first + 1);
    const items = rows.map(async (row) => ({ seq: row.seq, ...(await this.toCollection(row)) }));
    return toPage(await Promise.all(items), first);
  }

  async items(id: string, after: number, first: number): Promise<SeqPage<CollectionItem>> {
    const row = this.rows.get(id);
    const items = row === undefined ? [] : await this.itemsOf(row);
    return toPage(items.filter(({ seq }) => seq > after).slice(0, first + 1), first);
  }

  async ofFigures(figureIds: readonly string[]): Promise<ReadonlyMap<FigureId, readonly Collection[]>> {
    const existing = await this.figures.figuresByIds(figureIds);
    const found = new Map<FigureId, Collection[]>();
    for (const row of this.rows.values()) {
      const members = [...existing.keys()].filter((id) => row.items.has(id));
      for (const id of members) found.set(id, [...(found.get(id) ?? []), await this.toCollection(row)]);
    }
    return found;
  }

  create(name: string, description: string | null): Promise<Collection> {
    const seq = ++this.lastSeq;
    const id = `col_${seq}` as CollectionId;
    const collection = { id, name, description, createdAt: new Date() };
    const row = { seq, collection, items: new Map(), ratings: new Map(), removed: new Map() };
    this.rows.set(id, row);
    return this.toCollection(row);
  }

  async update(id: string, { name, description }: CollectionChange): Promise<Collection> {
    const row = this.expectRow(id);
    const { collection } = row;
    const changed = {
      ...collection,
      name: name ?? collection.name,
      description: description === undefined ? collection.description : description,
    };
    this.rows.set(id, { ...row, collection: changed });
    return this.toCollection(this.expectRow(id));
  }

  async delete(id: string): Promise<void> {
    const row = await Promise.resolve(this.expectRow(id));
    this.rows.delete(id);
    this.deleted.set(id, row);
  }

  async restore(id: string): Promise<Collection> {
    const row = this.rows.get(id) ?? this.deleted.get(id);
    if (row === undefined) throw noDeletedCollection(id);
    this.deleted.delete(id);
    this.rows.set(id, row);
    return this.toCollection(row);
  }

  async add(id: string, figureIds: readonly string[], note: string | null): Promise<Collection> {
    const existing = await this.figures.figuresByIds(figureIds);
    const unknown = figureIds.filter((figureId) => !existing.has(figureId as FigureId));
    if (unknown.length > 0) throw unknownFigures(unknown);
    const row = this.expectRow(id);
    for (const figureId of figureIds as readonly FigureId[]) {
      const former = row.removed.get(figureId);
      const blank = () => ({ seq: this.nextSeq(), figureId, addedAt: new Date(), note, tags: [] });
      const item = row.items.get(figureId) ?? former?.item ?? blank();
      row.items.set(figureId, { ...item, note: note ?? item.note });
      row.removed.delete(figureId);
      if (former?.rating != null && !row.ratings.has(figureId)) row.ratings.set(figureId, former.rating);
    }
    return this.toCollection(row);
  }

  async remove(id: string, figureIds: readonly string[]): Promise<Collection> {
    const row = this.expectRow(id);
    for (const figureId of figureIds as readonly FigureId[]) {
      const item = row.items.get(figureId);
      if (item === undefined) continue;
      const rating = row.ratings.get(figureId) ?? null;
      const isRelevant = rating?.rating === 'RELEVANT';
      row.removed.set(figureId, { item, rating: isRelevant ? rating : null });
      row.items.delete(figureId);
      if (isRelevant) row.ratings.delete(figureId);
    }
    return this.toCollection(row);
  }

  nextSeq(): number {
    return ++this.lastSeq;
  }

  find(id: string): MemoryCollection | undefined {
    return this.rows.get(id);
  }

  /** Ids of the collections that a figure is a member of. */
  collectionsOf(figureId: FigureId): readonly CollectionId[] {
    return [...this.rows.values()].filter(({ items }) => items.has(figureId)).map(({ collection }) => collection.id);
  }

  /** What tells two states apart: the members of each collection. */
  get version(): string {
    return JSON.stringify([...this.rows].map(([id, { items }]) => [id, ...items.keys()]));
  }

  expectRow(id: string): MemoryCollection {
    const row = this.rows.get(id);
    if (row === undefined) throw unknownCollection(id);
    return row;
  }

  async toCollection(row: MemoryCollection): Promise<Collection> {
    return { ...row.collection, size: (await this.itemsOf(row)).length };
  }

  /** Those that were not deleted. */
  async existing(figureIds: Iterable<string>): Promise<ReadonlySet<FigureId>> {
    return new Set((await this.figures.figuresByIds([...figureIds])).keys());
  }

  /** Without figures that were deleted since. */
  async itemsOf({ items, ratings }: MemoryCollection): Promise<readonly (CollectionItem & { readonly seq: number })[]> {
    const existing = await this.existing(items.keys());
    return [...items.values()]
      .filter(({ figureId }) => existing.has(figureId))
      .map((item) => ({ ...item, rating: ratings.get(item.figureId)?.rating ?? null }))
      .sort((one, other) => one.seq - other.seq);
  }
}
