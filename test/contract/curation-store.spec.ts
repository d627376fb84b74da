import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SqliteCollectionStore } from '../../src/adapters/sqlite/collection-store.js';
import { SqliteCurationStore } from '../../src/adapters/sqlite/curation-store.js';
import { Database } from '../../src/adapters/sqlite/database.js';
import { SqliteFigureWriter } from '../../src/adapters/sqlite/figure-writer.js';
import { figureIdOf } from '../../src/domain/ids.js';
import type { CollectionStore } from '../../src/ports/collection-store.js';
import type { CurationStore } from '../../src/ports/curation-store.js';
import { drawnFigure } from '../support/drawn-figures.js';
import { MemoryCollectionStore } from '../support/memory-collection-store.js';
import { MemoryCurationStore } from '../support/memory-curation-store.js';
import { MemoryFigureStore } from '../support/memory-figure-store.js';

interface Opened {
  readonly collections: CollectionStore;
  readonly curation: CurationStore;
  readonly deleteFigure: (id: string) => Promise<unknown>;
  readonly bringBack: () => Promise<unknown>;
  readonly close: () => Promise<void>;
}

const figures = [1, 2, 3, 4].map((number) => drawnFigure(number));
const one = figureIdOf('figure-1');
const two = figureIdOf('figure-2');
const three = figureIdOf('figure-3');

async function openSqlite(): Promise<Opened> {
  const database = await Database.open(mkdtempSync(path.join(tmpdir(), 'curation-store-')));
  const writer = new SqliteFigureWriter(database);
  await writer.replace(figures);
  return {
    collections: new SqliteCollectionStore(database),
    curation: new SqliteCurationStore(database),
    deleteFigure: (id) => writer.delete([id]),
    bringBack: () => writer.replace(figures),
    close: () => database.close(),
  };
}

function openMemory(): Promise<Opened> {
  const stored = new MemoryFigureStore();
  const addAll = () => {
    for (const { figure, panels } of figures) stored.add(figure, panels);
    return Promise.resolve();
  };
  const collections = new MemoryCollectionStore(stored);
  return addAll().then(() => ({
    collections,
    curation: new MemoryCurationStore(collections),
    deleteFigure: (id) => {
      stored.delete(id);
      return Promise.resolve();
    },
    bringBack: addAll,
    close: () => Promise.resolve(),
  }));
}

describe.each<[string, () => Promise<Opened>]>([
  ['SQLite', openSqlite],
  ['memory', openMemory],
])('a curation store in %s', (_where, open) => {
  let opened: Opened;
  let id: string;

  beforeEach(async () => {
    opened = await open();
    ({ id } = await opened.collections.create('Smears', null));
  });

  afterEach(() => opened.close());

  async function itemsOf() {
    const { items } = await opened.collections.items(id, 0, 10);
    return items.map(({ figureId, note, tags, rating }) => ({ figureId, note, tags, rating }));
  }

  async function ratingsOf(rating: 'RELEVANT' | 'IRRELEVANT' | null = null) {
    const { items } = await opened.curation.ratings(id, { rating, after: 0, first: 10 });
    return items.map((item) => [item.figureId, item.rating, item.isMember]);
  }

  it('keeps ratings of members and of other figures, and lists members only as items', async () => {
    await opened.collections.add(id, [one], null);
    expect(await opened.curation.rate(id, one, 'RELEVANT')).toMatchObject({ id, size: 1 });
    expect(await opened.curation.rate(id, two, 'IRRELEVANT')).toMatchObject({ id, size: 1 });
    expect(await itemsOf()).toEqual([{ figureId: one, note: null, tags: [], rating: 'RELEVANT' }]);
    expect(await ratingsOf()).toEqual([
      [one, 'RELEVANT', true],
      [two, 'IRRELEVANT', false],
    ]);
    expect(await ratingsOf('IRRELEVANT')).toEqual([[two, 'IRRELEVANT', false]]);
  });

  it('changes a rating at its place, and takes it back', async () => {
    await opened.curation.rate(id, one, 'RELEVANT');
    await opened.curation.rate(id, two, 'RELEVANT');
    await opened.curation.rate(id, one, 'IRRELEVANT');
    expect(await ratingsOf()).toEqual([
      [one, 'IRRELEVANT', false],
      [two, 'RELEVANT', false],
    ]);
    await opened.curation.rate(id, one, null);
    await opened.curation.rate(id, three, null);
    expect(await ratingsOf()).toEqual([[two, 'RELEVANT', false]]);
  });

  it('lists ratings page by page', async () => {
    for (const figureId of [one, two, three]) await opened.curation.rate(id, figureId, 'IRRELEVANT');
    const first = await opened.curation.ratings(id, { rating: null, after: 0, first: 2 });
    expect(first.items.map(({ figureId }) => figureId)).toEqual([one, two]);
    expect(first.hasNextPage).toBe(true);
    expect(first.items[0]?.ratedAt).toBeInstanceOf(Date);
    const after = first.items[1]?.seq ?? 0;
    const second = await opened.curation.ratings(id, { rating: null, after, first: 2 });
    expect(second.items.map(({ figureId }) => figureId)).toEqual([three]);
    expect(second.hasNextPage).toBe(false);
  });

  it('changes the note and the tags of a member, each alone', async () => {
    await opened.collections.add(id, [one], 'first');
    expect(await opened.curation.annotate(id, one, { tags: ['train', 'clear'] })).toMatchObject({
      figureId: one,
      note: 'first',
      tags: ['train', 'clear'],
      rating: null,
    });
    await opened.curation.annotate(id, one, { note: null });
    expect(await itemsOf()).toEqual([{ figureId: one, note: null, tags: ['train', 'clear'], rating: null }]);
    await expect(opened.curation.annotate(id, two, { note: 'x' })).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: `The figure ${two} is not in the collection ${id}`,
    });
  });

  it('names an absent collection and an absent figure', async () => {
    const noCollection = { code: 'NOT_FOUND', message: 'There is no collection col_none' };
    await expect(opened.curation.rate('col_none', one, 'RELEVANT')).rejects.toMatchObject(noCollection);
    await expect(opened.curation.annotate('col_none', one, { note: 'x' })).rejects.toMatchObject(noCollection);
    await expect(opened.curation.rate(id, 'fig_none', 'RELEVANT')).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: 'There is no figure fig_none',
    });
    expect(await opened.curation.ratings('col_none', { rating: null, after: 0, first: 2 })).toMatchObject({
      items: [],
    });
    expect(await opened.curation.examples('col_none', 5)).toEqual({ members: [], relevant: [], irrelevant: [] });
  });

  it('tells which of some figures were rated', async () => {
    await opened.curation.rate(id, one, 'RELEVANT');
    await opened.curation.rate(id, two, 'IRRELEVANT');
    expect(await opened.curation.ratedAmong(id, [two, three, 'fig_none'])).toEqual(new Set([two]));
    expect(await opened.curation.ratedAmong('col_none', [one])).toEqual(new Set());
  });

  it('gives the newest examples of each kind', async () => {
    await opened.collections.add(id, [one, two, three], null);
    await opened.curation.rate(id, one, 'RELEVANT');
    await opened.curation.rate(id, two, 'IRRELEVANT');
    expect(await opened.curation.examples(id, 2)).toEqual({
      members: [three, two],
      relevant: [one],
      irrelevant: [two],
    });
  });

  it('lets a removed member return to its place with its note, tags and rating', async () => {
    await opened.collections.add(id, [one, two, three], null);
    await opened.curation.annotate(id, one, { note: 'kept', tags: ['clear'] });
    await opened.curation.rate(id, one, 'RELEVANT');
    await opened.collections.remove(id, [one]);
    expect(await ratingsOf()).toEqual([]);
    expect((await itemsOf()).map(({ figureId }) => figureId)).toEqual([two, three]);
    await opened.collections.add(id, [one], null);
    expect(await itemsOf()).toEqual([
      { figureId: one, note: 'kept', tags: ['clear'], rating: 'RELEVANT' },
      { figureId: two, note: null, tags: [], rating: null },
      { figureId: three, note: null, tags: [], rating: null },
    ]);
  });

  it('keeps what was said meanwhile of a figure that returns', async () => {
    await opened.collections.add(id, [one, two], 'old');
    await opened.curation.rate(id, one, 'RELEVANT');
    await opened.collections.remove(id, [one]);
    await opened.curation.rate(id, one, 'IRRELEVANT');
    await opened.collections.add(id, [one], 'new');
    expect(await itemsOf()).toEqual([
      { figureId: one, note: 'new', tags: [], rating: 'IRRELEVANT' },
      { figureId: two, note: 'old', tags: [], rating: null },
    ]);
    await opened.collections.remove(id, [one]);
    expect(await ratingsOf()).toEqual([[one, 'IRRELEVANT', false]]);
  });

  it('restores a deleted collection with all that was said', async () => {
    await opened.collections.add(id, [one], 'kept');
    await opened.curation.annotate(id, one, { tags: ['clear'] });
    await opened.curation.rate(id, two, 'IRRELEVANT');
    await opened.collections.delete(id);
    expect(await itemsOf()).toEqual([]);
    expect(await ratingsOf()).toEqual([]);
    await expect(opened.curation.rate(id, one, 'RELEVANT')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await opened.collections.restore(id)).toMatchObject({ id, name: 'Smears', size: 1 });
    expect(await opened.collections.restore(id)).toMatchObject({ id, size: 1 });
    expect(await itemsOf()).toEqual([{ figureId: one, note: 'kept', tags: ['clear'], rating: null }]);
    expect(await ratingsOf()).toEqual([[two, 'IRRELEVANT', false]]);
    await expect(opened.collections.restore('col_none')).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: 'There is no collection col_none that was deleted in the last 30 days',
    });
  });

  it('has tags and ratings again of a figure that was deleted and comes back', async () => {
    await opened.collections.add(id, [one, two], null);
    await opened.curation.annotate(id, two, { tags: ['clear'] });
    await opened.curation.rate(id, two, 'RELEVANT');
    await opened.deleteFigure(two);
    expect(await ratingsOf()).toEqual([]);
    await opened.bringBack();
    expect(await ratingsOf()).toEqual([[two, 'RELEVANT', true]]);
    expect((await itemsOf()).at(-1)).toMatchObject({ figureId: two, tags: ['clear'], rating: 'RELEVANT' });
  });
});

describe('a curation store in SQLite, after 30 days', () => {
  it('no longer restores what was deleted or removed', async () => {
    const database = await Database.open(mkdtempSync(path.join(tmpdir(), 'curation-store-')));
    await new SqliteFigureWriter(database).replace(figures);
    const collections = new SqliteCollectionStore(database);
    const [old, kept] = [await collections.create('old', null), await collections.create('kept', null)];
    await collections.add(kept.id, [one], 'note');
    await collections.remove(kept.id, [one]);
    await collections.delete(old.id);
    const longAgo = Date.now() - 31 * 86_400_000;
    await database.write(async (runner) => {
      await runner.query('UPDATE collection SET deleted_at = ? WHERE deleted_at IS NOT NULL', [longAgo]);
      await runner.query('UPDATE removed_collection_item SET removed_at = ?', [longAgo]);
    });
    await expect(collections.restore(old.id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await collections.add(kept.id, [one], null);
    expect((await collections.items(kept.id, 0, 10)).items).toMatchObject([{ figureId: one, note: null }]);
    await database.close();
  });
});
