import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SqliteCollectionStore } from '../../src/adapters/sqlite/collection-store.js';
import { Database } from '../../src/adapters/sqlite/database.js';
import { SqliteFigureWriter } from '../../src/adapters/sqlite/figure-writer.js';
import { figureIdOf } from '../../src/domain/ids.js';
import type { CollectionStore } from '../../src/ports/collection-store.js';
import { drawnFigure } from '../support/drawn-figures.js';
import { MemoryCollectionStore } from '../support/memory-collection-store.js';
import { MemoryFigureStore } from '../support/memory-figure-store.js';

interface Opened {
  readonly store: CollectionStore;
  readonly deleteFigure: (id: string) => Promise<void>;
  readonly close: () => Promise<void>;
}

const figures = [1, 2, 3, 4].map((number) => drawnFigure(number));
const one = figureIdOf('figure-1');
const two = figureIdOf('figure-2');
const three = figureIdOf('figure-3');
const four = figureIdOf('figure-4');

/** A store of a corpus of four figures. */
async function openSqlite(): Promise<Opened> {
  const database = await Database.open(mkdtempSync(path.join(tmpdir(), 'collection-store-')));
  const writer = new SqliteFigureWriter(database);
  await writer.replace(figures);
  return {
    store: new SqliteCollectionStore(database),
    deleteFigure: async (id) => {
      await writer.delete([id]);
    },
    close: () => database.close(),
  };
}

function openMemory(): Promise<Opened> {
  const stored = new MemoryFigureStore();
  for (const { figure, panels } of figures) stored.add(figure, panels);
  return Promise.resolve({
    store: new MemoryCollectionStore(stored),
    deleteFigure: (id) => {
      stored.delete(id);
      return Promise.resolve();
    },
    close: () => Promise.resolve(),
  });
}

describe.each<[string, () => Promise<Opened>]>([
  ['SQLite', openSqlite],
  ['memory', openMemory],
])('a collection store in %s', (_where, open) => {
  let opened: Opened;
  let store: CollectionStore;

  beforeEach(async () => {
    opened = await open();
    ({ store } = opened);
  });

  afterEach(() => opened.close());

  async function memberIds(id: string): Promise<readonly string[]> {
    return (await store.items(id, 0, 10)).items.map(({ figureId }) => figureId);
  }

  it('creates collections with ids of their own, and gives them by their ids', async () => {
    const before = Date.now();
    const smears = await store.create('Smears', 'of blood');
    const scans = await store.create('Smears', null);
    expect(smears).toMatchObject({ name: 'Smears', description: 'of blood', size: 0 });
    expect(smears.createdAt.getTime()).toBeGreaterThanOrEqual(before);
    expect(scans).toMatchObject({ name: 'Smears', description: null });
    expect(await store.byIds([scans.id, smears.id, 'col_none'])).toEqual(
      new Map([
        [smears.id, smears],
        [scans.id, scans],
      ]),
    );
  });

  it('lists collections page by page in the order in which they were created', async () => {
    for (const name of ['a', 'b', 'c']) await store.create(name, null);
    const first = await store.page(0, 2);
    expect(first.items.map(({ name }) => name)).toEqual(['a', 'b']);
    expect(first.hasNextPage).toBe(true);
    const second = await store.page(first.items[1]?.seq ?? 0, 2);
    expect(second.items.map(({ name }) => name)).toEqual(['c']);
    expect(second.hasNextPage).toBe(false);
  });

  it('changes what is given, and leaves the rest', async () => {
    const { id } = await store.create('Smears', 'of blood');
    expect(await store.update(id, { name: 'Films' })).toMatchObject({ name: 'Films', description: 'of blood' });
    expect(await store.update(id, { description: null })).toMatchObject({ name: 'Films', description: null });
  });

  it('lists members page by page in the order in which they were added, with their notes', async () => {
    const { id } = await store.create('Smears', null);
    await store.add(id, [three, one], null);
    expect(await store.add(id, [four, two, four], 'check')).toMatchObject({ id, size: 4 });
    const first = await store.items(id, 0, 3);
    expect(first.items.map(({ figureId, note }) => [figureId, note])).toEqual([
      [three, null],
      [one, null],
      [four, 'check'],
    ]);
    expect(first.hasNextPage).toBe(true);
    const second = await store.items(id, first.items[2]?.seq ?? 0, 3);
    expect(second.items).toMatchObject([{ figureId: two, note: 'check', addedAt: expect.any(Date) }]);
    expect(second.hasNextPage).toBe(false);
    expect(await store.items('col_none', 0, 3)).toEqual({ items: [], hasNextPage: false });
  });

  it('lets a member keep its place, and its note where no other is given', async () => {
    const { id } = await store.create('Smears', null);
    await store.add(id, [one, two], 'first');
    await store.add(id, [two, three], null);
    await store.add(id, [one], 'second');
    expect((await store.items(id, 0, 10)).items.map(({ figureId, note }) => [figureId, note])).toEqual([
      [one, 'second'],
      [two, 'first'],
      [three, null],
    ]);
  });

  it('adds all figures or none', async () => {
    const { id } = await store.create('Smears', null);
    await expect(store.add(id, [one, 'fig_none'], null)).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: 'There is no figure fig_none; nothing was added',
    });
    expect(await memberIds(id)).toEqual([]);
  });

  it('removes members, and passes over figures that are none', async () => {
    const { id } = await store.create('Smears', null);
    await store.add(id, [one, two, three], null);
    expect(await store.remove(id, [two, four, 'fig_none'])).toMatchObject({ size: 2 });
    expect(await memberIds(id)).toEqual([one, three]);
    await store.add(id, [four], null);
    expect(await memberIds(id)).toEqual([one, three, four]);
  });

  it('names the collections of figures in the order in which they were created', async () => {
    const [a, b] = [await store.create('a', null), await store.create('b', null)];
    await store.add(b.id, [one, two], null);
    await store.add(a.id, [two], null);
    const found = await store.ofFigures([one, two, three]);
    expect(new Map([...found].map(([id, collections]) => [id, collections.map(({ name }) => name)]))).toEqual(
      new Map([
        [one, ['b']],
        [two, ['a', 'b']],
      ]),
    );
  });

  it('loses the members that are deleted from the corpus', async () => {
    const { id } = await store.create('Smears', null);
    await store.add(id, [one, two], null);
    await opened.deleteFigure(one);
    expect(await memberIds(id)).toEqual([two]);
    expect((await store.byIds([id])).get(id)).toMatchObject({ size: 1 });
    await expect(store.add(id, [one], null)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('deletes a collection, and refuses to change one that does not exist', async () => {
    const { id } = await store.create('Smears', null);
    await store.add(id, [one], null);
    await store.delete(id);
    expect(await store.byIds([id])).toEqual(new Map());
    expect(await store.ofFigures([one])).toEqual(new Map());
    const notFound = { code: 'NOT_FOUND', message: `There is no collection ${id}` };
    await expect(store.delete(id)).rejects.toMatchObject(notFound);
    await expect(store.update(id, { name: 'x' })).rejects.toMatchObject(notFound);
    await expect(store.add(id, [one], null)).rejects.toMatchObject(notFound);
    await expect(store.remove(id, [one])).rejects.toMatchObject(notFound);
  });
});
