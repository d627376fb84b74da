import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Database } from '../../src/adapters/sqlite/database.js';
import { SqliteStores } from '../../src/adapters/sqlite/sqlite-stores.js';
import type { DecisionPlace } from '../../src/domain/duplicate-decision.js';
import { figureIdOf, panelIdOf } from '../../src/domain/ids.js';
import type { DuplicateDecisionStore } from '../../src/ports/duplicate-decision-store.js';
import type { PictureMatch, PictureStore } from '../../src/ports/picture-store.js';
import { drawnFigure } from '../support/drawn-figures.js';
import { drawnSignature } from '../support/drawn-pictures.js';
import { MemoryDuplicateDecisionStore } from '../support/memory-duplicate-decision-store.js';
import { MemoryPictureStore } from '../support/memory-picture-store.js';

interface Opened {
  readonly decisions: DuplicateDecisionStore;
  readonly pictures: PictureStore;
  readonly add: (number: number) => Promise<unknown>;
  readonly deleteFigure: (number: number) => Promise<unknown>;
  readonly close: () => Promise<void>;
}

const id = (number: number) => figureIdOf(`figure-${number}`);
const panel = (number: number) => panelIdOf(id(number), 0);
const box = { x: 0, y: 0, width: 1, height: 1 };
let signature: Uint8Array;
beforeAll(async () => {
  signature = await drawnSignature(1);
});

async function openSqlite(): Promise<Opened> {
  const database = await Database.open(mkdtempSync(path.join(tmpdir(), 'decisions-')));
  const { writer, pictures, decisions } = new SqliteStores(database);
  return {
    ...{ decisions, pictures, close: () => database.close() },
    add: (number) => writer.replace([{ ...drawnFigure(number), signatures: new Map([[panel(number), signature]]) }]),
    deleteFigure: (number) => writer.delete([id(number)]),
  };
}

function openMemory(): Promise<Opened> {
  const pictures = new MemoryPictureStore();
  const there = new Set<string>();
  return Promise.resolve({
    pictures,
    decisions: new MemoryDuplicateDecisionStore(pictures, (figureId) => there.has(figureId)),
    add: (number) => {
      there.add(id(number));
      const { imageHash } = drawnFigure(number).figure;
      pictures.add({ number, panelId: panel(number), figureId: id(number), imageHash, box }, signature);
      return Promise.resolve();
    },
    deleteFigure: (number) => {
      there.delete(id(number));
      return Promise.resolve();
    },
    close: () => Promise.resolve(),
  });
}

describe.each<[string, () => Promise<Opened>]>([
  ['SQLite', openSqlite],
  ['memory', openMemory],
])('decisions about duplicates in %s', (_where, open) => {
  let opened: Opened;
  const same = (other: number): PictureMatch => ({
    other,
    similarity: 1,
    changes: [],
    isSame: true,
    boxes: [box, box],
  });

  /** Figures 1, 2 and 3 show one picture, 4 and 5 another one. */
  beforeEach(async () => {
    opened = await open();
    for (const number of [1, 2, 3, 4, 5]) await opened.add(number);
    for (const [number, alike] of [
      [1, []],
      [2, [1]],
      [3, [1, 2]],
      [4, []],
      [5, [4]],
    ] as const) {
      await opened.pictures.record(number, alike.map(same));
    }
  });
  afterEach(() => opened.close());

  const by = { keptId: null, by: 'somebody' };
  const groups = async (isReviewed: boolean | null = null) => {
    const { items } = await opened.decisions.groups({ isReviewed, after: 0, first: 10 }, 10);
    return items.map(({ figureIds }) => figureIds);
  };
  const [first, second] = [[1, 2, 3].map(id), [4, 5].map(id)];

  it('are asked for by group, page by page', async () => {
    expect(await groups()).toEqual([first, second]);
    expect(await groups(true)).toEqual([]);
    const page = await opened.decisions.groups({ isReviewed: false, after: 0, first: 1 }, 2);
    expect(page).toMatchObject({ items: [{ figureIds: first.slice(0, 2), size: 3 }], hasNextPage: true });
    const next = await opened.decisions.groups({ isReviewed: false, after: page.items[0]?.seq ?? 0, first: 1 }, 2);
    expect(next).toMatchObject({ items: [{ figureIds: second, size: 2 }], hasNextPage: false });
  });

  it('to keep all leave the group, which is reviewed until another figure joins it', async () => {
    await opened.decisions.decide(first, 'KEEP_ALL', by);
    expect(await groups(false)).toEqual([second]);
    expect(await groups(true)).toEqual([first]);
    expect(await opened.decisions.hiddenAmong(first)).toEqual(new Set());
    await opened.add(6);
    await opened.pictures.record(6, [same(1)]);
    expect(await groups(false)).toEqual([[...first, id(6)], second]);
  });

  it('to keep one hide the others, as long as that one exists', async () => {
    await opened.decisions.decide(first, 'KEEP_ONE', { ...by, keptId: id(2) });
    expect(await opened.decisions.hiddenAmong([...first, ...second])).toEqual(new Set([id(1), id(3)]));
    expect(await groups(false)).toEqual([second]);
    await opened.deleteFigure(2);
    expect(await opened.decisions.hiddenAmong(first)).toEqual(new Set());
  });

  it('never hide all of some figures by a circle', async () => {
    const keep = (kept: number, other: number) =>
      opened.decisions.decide([id(kept), id(other)], 'KEEP_ONE', { ...by, keptId: id(kept) });
    await keep(1, 2);
    await expect(keep(2, 3)).rejects.toMatchObject({ code: 'CONFLICT' });
    await keep(3, 1);
    expect(await opened.decisions.hiddenAmong(first)).toEqual(new Set([id(1), id(2)]));
    await expect(keep(1, 4)).rejects.toMatchObject({ code: 'CONFLICT' });
    await keep(2, 1);
    expect(await opened.decisions.hiddenAmong(first)).toEqual(new Set([id(1)]));
  });

  it('that two are not the same part them, and do not tell what they have in common', async () => {
    await opened.decisions.decide([id(1), id(3)], 'NOT_SAME', by);
    expect(await groups()).toEqual([first.slice(0, 2), second]);
    expect((await opened.pictures.matchesOf(id(3))).map(({ other }) => other.figureId)).toEqual([id(2)]);
    expect((await opened.pictures.listMatches([0, 0], 10)).map(({ numbers }) => numbers)).toEqual([
      [1, 2],
      [2, 3],
      [4, 5],
    ]);
    await opened.decisions.decide([id(1), id(3)], null, by);
    expect(await groups()).toEqual([first, second]);
    expect((await opened.pictures.matchesOf(id(3))).map(({ other }) => other.figureId)).toEqual([id(1), id(2)]);
  });

  it('that two members are not the same hold where both are like the anchor', async () => {
    await opened.decisions.decide([id(2), id(3)], 'NOT_SAME', by);
    expect(await groups()).toEqual([first.slice(0, 2), second]);
  });

  it('hold for a figure that is compared later', async () => {
    await opened.add(6);
    await opened.decisions.decide([id(4), id(6)], 'NOT_SAME', by);
    await opened.pictures.record(6, [same(4), same(5)]);
    expect(await groups()).toEqual([first, second]);
    expect((await opened.pictures.matchesOf(id(6))).map(({ other }) => other.figureId)).toEqual([id(5)]);
  });

  it('are told by pair, and taken back', async () => {
    await opened.decisions.decide(second, 'KEEP_ONE', { ...by, keptId: id(5) });
    expect(await opened.decisions.among([...first, ...second])).toEqual([
      {
        figureIds: [...second].sort(),
        ...{ verdict: 'KEEP_ONE', keptId: id(5), decidedBy: 'somebody', decidedAt: expect.any(Date) },
      },
    ]);
    await opened.decisions.decide(second, null, by);
    expect(await opened.decisions.among(second)).toEqual([]);
    expect(await opened.decisions.hiddenAmong(second)).toEqual(new Set());
  });

  it('are listed page by page, the latest first, also where a figure was deleted', async () => {
    expect(await opened.decisions.list(null, 10)).toEqual({ items: [], hasNextPage: false });
    await opened.decisions.decide(first, 'KEEP_ALL', by);
    await new Promise((resolve) => setTimeout(resolve, 5));
    await opened.decisions.decide(second, 'NOT_SAME', by);
    await opened.deleteFigure(4);
    const pairsOfFirst = [
      [1, 2],
      [1, 3],
      [2, 3],
    ].map((pair) => pair.map(id).sort().join(' '));
    const seen: string[] = [];
    for (let after: DecisionPlace | null = null, isEnded = false; !isEnded;) {
      const { items, hasNextPage } = await opened.decisions.list(after, 2);
      seen.push(...items.map(({ figureIds, verdict }) => `${verdict} ${figureIds.join(' ')}`));
      [after, isEnded] = [items.at(-1) ?? null, !hasNextPage];
    }
    const expected = [
      `NOT_SAME ${[...second].sort().join(' ')}`,
      ...pairsOfFirst.sort().map((one) => `KEEP_ALL ${one}`),
    ];
    expect(seen).toEqual(expected);
  });

  it('are refused for a figure that does not exist', async () => {
    await expect(opened.decisions.decide([id(1), 'fig_none'], 'KEEP_ALL', by)).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: 'There is no figure fig_none',
    });
  });
});
