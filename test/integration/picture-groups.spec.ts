import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Database } from '../../src/adapters/sqlite/database.js';
import { SqliteStores } from '../../src/adapters/sqlite/sqlite-stores.js';
import { figureIdOf, panelIdOf } from '../../src/domain/ids.js';
import type { PictureMatch } from '../../src/ports/picture-store.js';
import { drawnFigure } from '../support/drawn-figures.js';
import { drawnSignature } from '../support/drawn-pictures.js';

const panel = (number: number) => panelIdOf(figureIdOf(`figure-${number}`), 0);
const box = { x: 0, y: 0, width: 1, height: 1 };

let signature: Uint8Array;
beforeAll(async () => {
  signature = await drawnSignature(1);
});

describe('groups of figures with the same picture', () => {
  let database: Database;
  let stores: SqliteStores;

  beforeEach(async () => {
    database = await Database.open(mkdtempSync(path.join(tmpdir(), 'picture-groups-')));
    stores = new SqliteStores(database);
    for (const number of [1, 2, 3, 4]) await write(number);
  });

  afterEach(() => database.close());

  async function write(number: number): Promise<void> {
    await stores.writer.replace([{ ...drawnFigure(number), signatures: new Map([[panel(number), signature]]) }]);
  }

  const same = (other: number): PictureMatch => ({
    other,
    similarity: 1,
    changes: [],
    isSame: true,
    boxes: [box, box],
  });

  /** Records what waits: with which other panels, by number, each shows the same picture. */
  async function compare(alike: Readonly<Record<number, readonly number[]>>): Promise<void> {
    for (const { number } of await stores.pictures.listUncompared(100)) {
      await stores.pictures.record(number, (alike[number] ?? []).map(same));
    }
  }

  /** Figures in groups, as a search sees them. */
  async function groups(of = stores): Promise<readonly (readonly number[])[]> {
    await of.panels.update(await of.filters.corpus());
    const byGroup = new Map<number, number[]>();
    for (const number of [1, 2, 3, 4]) {
      const group = of.panels.groupOf(panel(number));
      if (group !== 0) byGroup.set(group, [...(byGroup.get(group) ?? []), number]);
    }
    return [...byGroup.values()].filter((members) => members.length > 1);
  }

  it('hold what is the same as their first figure', async () => {
    await compare({ 2: [1], 3: [1], 4: [] });
    expect(await groups()).toEqual([[1, 2, 3]]);
    // Another process reads all of it at its start.
    expect(await groups(new SqliteStores(database))).toEqual([[1, 2, 3]]);
  });

  it('are not joined by a chain of small changes', async () => {
    await compare({ 2: [1], 3: [2], 4: [3] });
    expect(await groups()).toEqual([
      [1, 2],
      [3, 4],
    ]);
  });

  it('lose a figure that is deleted', async () => {
    await compare({ 2: [1], 3: [1] });
    expect(await groups()).toEqual([[1, 2, 3]]);
    await stores.writer.delete([figureIdOf('figure-2')]);
    expect(await groups()).toEqual([[1, 3]]);
  });

  it('are made anew where their first figure is deleted', async () => {
    await compare({ 2: [1], 3: [1], 4: [1] });
    await stores.writer.delete([figureIdOf('figure-1')]);
    expect(await groups()).toEqual([]);
    expect((await stores.pictures.listUncompared(100)).map(({ number }) => number)).toEqual([2, 3, 4]);
    await compare({ 3: [2], 4: [] });
    expect(await groups()).toEqual([[2, 3]]);
  });

  it('lose a figure whose picture is another one now, and take it in again', async () => {
    await compare({ 2: [1], 3: [1] });
    await write(3);
    expect(await groups()).toEqual([[1, 2]]);
    const [again] = await stores.pictures.listUncompared(100);
    await compare({ [again?.number ?? 0]: [1] });
    expect(await groups()).toEqual([[1, 2, 3]]);
  });

  it('are forgotten, with the signatures, where another version of the program made them', async () => {
    await compare({ 2: [1] });
    expect(await groups()).toEqual([[1, 2]]);
    await database.write((runner) => runner.query(`UPDATE property SET value = '0' WHERE name = 'picture_version'`));
    const again = await Database.open(path.dirname(database.file));
    expect(await new SqliteStores(again).pictures.pending()).toEqual({ unsigned: 4, uncompared: 0 });
    await again.close();
    expect(await groups()).toEqual([]);
    expect(await stores.pictures.matchesOf(figureIdOf('figure-1'))).toEqual([]);
  });

  it('say nothing of parts of figures', async () => {
    const drawn = drawnFigure(2);
    const part = {
      ...drawn.panels[0],
      id: panelIdOf(figureIdOf('figure-2'), 1),
      figureId: drawn.figure.id,
      label: 'A',
      caption: null,
      box,
    };
    await stores.writer.replace([
      { ...drawn, panels: [...drawn.panels, part], signatures: new Map([[part.id, signature]]) },
    ]);
    const parts = (await stores.pictures.listUncompared(100)).filter(({ panelId }) => panelId === part.id);
    expect(parts).toHaveLength(1);
    await compare({ [parts[0]?.number ?? 0]: [1] });
    expect(await groups()).toEqual([]);
    expect(await stores.pictures.matchesOf(drawn.figure.id)).toHaveLength(1);
  });
});
