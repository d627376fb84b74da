import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { articleIdOf, figureIdOf, imageHashOf, panelIdOf } from '../../src/domain/ids.js';
import { Database } from '../../src/adapters/sqlite/database.js';
import { FigureReader } from '../../src/adapters/sqlite/figure-reader.js';
import { FigureWriter, type FigureWrite } from '../../src/adapters/sqlite/figure-writer.js';
import type { FigureStore } from '../../src/ports/figure-store.js';
import { drawnFigure } from '../support/drawn-figures.js';
import { MemoryFigureStore } from '../support/memory-figure-store.js';

interface Opened {
  readonly store: FigureStore;
  readonly add: (figures: readonly FigureWrite[]) => Promise<void>;
  readonly remove: (ids: readonly string[]) => Promise<void>;
  readonly close: () => Promise<void>;
}

async function openSqlite(): Promise<Opened> {
  const database = await Database.open(mkdtempSync(path.join(tmpdir(), 'figure-store-')));
  const writer = new FigureWriter(database);
  return {
    store: new FigureReader(database),
    add: (figures) => writer.replace(figures),
    remove: async (ids) => {
      await writer.delete(ids);
    },
    close: () => database.close(),
  };
}

function openMemory(): Promise<Opened> {
  const store = new MemoryFigureStore();
  return Promise.resolve({
    store,
    add: (figures) => {
      for (const { figure, panels } of figures) store.add(figure, panels);
      return Promise.resolve();
    },
    remove: (ids) => {
      for (const id of ids) store.delete(id);
      return Promise.resolve();
    },
    close: () => Promise.resolve(),
  });
}

const id = (number: number) => figureIdOf(`figure-${number}`);

/** Figure 2 has two parts; figure 3 belongs to no article. */
function figureOf(number: number): FigureWrite {
  const drawn = drawnFigure(number);
  const part = (ordinal: number, label: string) => ({
    ...{ id: panelIdOf(id(number), ordinal), figureId: id(number), label, caption: `part ${label}` },
    box: { x: 0, y: 0, width: 1, height: 1 },
  });
  return {
    ...drawn,
    ...(number === 3 ? { article: null, figure: { ...drawn.figure, articleId: null } } : {}),
    panels: number === 2 ? [...drawn.panels, part(1, 'A'), part(2, 'B')] : drawn.panels,
    embeddings: [],
  };
}

describe.each<[string, () => Promise<Opened>]>([
  ['SQLite', openSqlite],
  ['memory', openMemory],
])('a figure store in %s', (_where, open) => {
  let opened: Opened;
  beforeAll(async () => {
    opened = await open();
    await opened.add([1, 2, 3].map(figureOf));
  });
  afterAll(() => opened.close());

  it('gives figures by their ids, and leaves out those that do not exist', async () => {
    const { store } = opened;
    expect(await store.figure(id(1))).toMatchObject({ id: id(1), caption: 'caption 1' });
    expect(await store.figure('fig_none')).toBeNull();
    expect(new Set((await store.figuresByIds([id(1), id(3), 'fig_none'])).keys())).toEqual(new Set([id(1), id(3)]));
  });

  it('gives panels by their ids, and those of a figure with the whole figure first', async () => {
    const { store } = opened;
    expect(await store.panel(panelIdOf(id(2), 2))).toMatchObject({ figureId: id(2), label: 'B', caption: 'part B' });
    expect(await store.panel('pan_none')).toBeNull();
    expect([...(await store.panelsByIds([panelIdOf(id(2), 1), 'pan_none'])).keys()]).toEqual([panelIdOf(id(2), 1)]);
    const panels = await store.panelsOfFigures([id(2)]);
    expect(panels.map((panel) => panel.id)).toEqual([0, 1, 2].map((ordinal) => panelIdOf(id(2), ordinal)));
  });

  it('names articles and images of figures', async () => {
    const { store } = opened;
    expect(await store.articlesOfFigures([id(1), id(3)])).toEqual(new Map([[id(1), articleIdOf('one')]]));
    const hash = imageHashOf(Buffer.from('3'));
    expect(await store.imageHashes([id(3), 'fig_none'])).toEqual(new Map([[id(3), hash]]));
    expect([await store.isImageUsed(hash), await store.isImageUsed(imageHashOf(Buffer.from('none')))]).toEqual([
      true,
      false,
    ]);
  });

  it('forgets what was deleted, with its panels and its image', async () => {
    const { store } = opened;
    await opened.remove([id(2)]);
    expect(await store.figure(id(2))).toBeNull();
    expect(await store.panelsOfFigures([id(2)])).toEqual([]);
    expect(await store.isImageUsed(imageHashOf(Buffer.from('2')))).toBe(false);
  });
});
