import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Database } from '../../src/adapters/sqlite/database.js';
import { SqliteFigureWriter } from '../../src/adapters/sqlite/figure-writer.js';
import { SqlitePictureStore } from '../../src/adapters/sqlite/picture-store.js';
import { figureIdOf, panelIdOf } from '../../src/domain/ids.js';
import { CandidateSearch } from '../../src/imaging/pictures/picture-candidates.js';
import { signatureFromBytes } from '../../src/imaging/pictures/signature-bytes.js';
import type { PictureMatch, PictureStore } from '../../src/ports/picture-store.js';
import { drawnFigure } from '../support/drawn-figures.js';
import { drawnSignature } from '../support/drawn-pictures.js';
import { MemoryPictureStore } from '../support/memory-picture-store.js';

interface Opened {
  readonly store: PictureStore;
  /** Adds a figure of one panel; the numbers of the panels are 1, 2, 3. */
  readonly add: (number: number, signature: Uint8Array | null) => Promise<void>;
  readonly close: () => Promise<void>;
}

async function openSqlite(): Promise<Opened> {
  const database = await Database.open(mkdtempSync(path.join(tmpdir(), 'picture-store-')));
  const writer = new SqliteFigureWriter(database);
  const add = async (number: number, signature: Uint8Array | null) => {
    const signatures = new Map(signature === null ? [] : [[panel(number), signature] as const]);
    await writer.replace([{ ...drawnFigure(number), signatures }]);
  };
  return { store: new SqlitePictureStore(database), add, close: () => database.close() };
}

function openMemory(): Promise<Opened> {
  const store = new MemoryPictureStore();
  const add = (number: number, signature: Uint8Array | null) => {
    const { figure, panels } = drawnFigure(number);
    const box = { x: 0, y: 0, width: figure.width, height: figure.height };
    for (const { id } of panels) {
      store.add({ number, panelId: id, figureId: figure.id, imageHash: figure.imageHash, box }, signature);
    }
    return Promise.resolve();
  };
  return Promise.resolve({ store, add, close: () => Promise.resolve() });
}

const figure = (number: number) => figureIdOf(`figure-${number}`);
const panel = (number: number) => panelIdOf(figure(number), 0);
const boxes = [
  { x: 1, y: 2, width: 3, height: 4 },
  { x: 5, y: 6, width: 7, height: 8 },
] as const;
const match = (other: number, changes: Partial<PictureMatch> = {}): PictureMatch => ({
  ...{ other, similarity: 0.9, changes: [], isSame: false, boxes },
  ...changes,
});

let signatures: readonly Uint8Array[];
beforeAll(async () => {
  signatures = await Promise.all([1, 2, 3].map(drawnSignature));
});

describe.each<[string, () => Promise<Opened>]>([
  ['SQLite', openSqlite],
  ['memory', openMemory],
])('pictures in %s', (_where, open) => {
  let opened: Opened;
  const signature = (number: number) => signatures[number - 1] ?? new Uint8Array();

  beforeEach(async () => {
    opened = await open();
  });

  afterEach(() => opened.close());

  it('wait for a signature, then for being compared', async () => {
    const { store, add } = opened;
    await add(1, null);
    await add(2, signature(2));
    expect(await store.pending()).toEqual({ unsigned: 1, uncompared: 1 });
    const [unsigned] = await store.listUnsigned(10);
    expect(unsigned).toEqual({
      ...{ number: 1, panelId: panel(1), figureId: figure(1), imageHash: drawnFigure(1).figure.imageHash },
      box: { x: 0, y: 0, width: 1, height: 1 },
    });
    await store.sign([{ number: 1, signature: signature(1) }]);
    expect((await store.listUncompared(10)).map(({ number, signature: bytes }) => [number, bytes])).toEqual([
      [1, signature(1)],
      [2, signature(2)],
    ]);
    expect(await store.listUncompared(1)).toHaveLength(1);
    await store.record(1, []);
    await store.record(2, []);
    expect(await store.pending()).toEqual({ unsigned: 0, uncompared: 0 });
  });

  it('that cannot be read are not asked for again', async () => {
    const { store, add } = opened;
    await add(1, null);
    await store.sign([{ number: 1, signature: null }]);
    expect(await store.pending()).toEqual({ unsigned: 0, uncompared: 0 });
    expect(await store.picturesOf([1])).toEqual([]);
  });

  it('are found by their features once they were compared, but not by their own figure', async () => {
    const { store, add } = opened;
    await add(1, signature(1));
    await add(2, signature(2));
    const search = new CandidateSearch(signatureFromBytes(signature(1)));
    expect(await store.findCodes(search.prefixes, figure(2))).toEqual([]);
    await store.record(1, []);
    const codes = await store.findCodes(search.prefixes, figure(2));
    expect(search.candidates(codes, 5).map(({ panel: number }) => number)).toEqual([1]);
    expect(await store.findCodes(search.prefixes, figure(1))).toEqual([]);
  });

  it('tell what they have in common, from either side, the same picture first', async () => {
    const { store, add } = opened;
    for (const number of [1, 2, 3]) await add(number, signature(number));
    await store.record(1, []);
    await store.record(2, [match(1, { changes: ['RESCALED', 'ROTATED_90'] })]);
    await store.record(3, [
      match(1, { similarity: 0.5, isSame: true }),
      match(2, { changes: ['MIRRORED', 'ROTATED_90'] }),
    ]);
    expect(await store.matchesOf(figure(1))).toEqual([
      {
        panelId: panel(1),
        other: { panelId: panel(3), figureId: figure(3) },
        similarity: 0.5,
        changes: [],
        isSame: true,
        boxes: [boxes[1], boxes[0]],
      },
      {
        ...{ panelId: panel(1), other: { panelId: panel(2), figureId: figure(2) }, similarity: 0.9, isSame: false },
        ...{ changes: ['RESCALED', 'ROTATED_270'], boxes: [boxes[1], boxes[0]] },
      },
    ]);
    const [, turned] = await store.matchesOf(figure(3));
    expect(turned).toMatchObject({ other: { figureId: figure(2) }, changes: ['MIRRORED', 'ROTATED_90'], boxes });
    const listed = await store.listMatches([0, 0], 10);
    expect(listed.map(({ numbers }) => numbers)).toEqual([
      [1, 2],
      [1, 3],
      [2, 3],
    ]);
    expect(await store.listMatches([1, 3], 10)).toEqual(listed.slice(2));
    expect(await store.listMatches([0, 0], 2)).toEqual(listed.slice(0, 2));
  });

  it('are recorded once, and a match with a picture that is gone is left out', async () => {
    const { store, add } = opened;
    await add(1, signature(1));
    await store.record(1, [match(77)]);
    await store.record(1, [match(1)]);
    await store.record(99, []);
    expect(await store.listMatches([0, 0], 10)).toEqual([]);
  });

  it('are counted and listed from behind a number on', async () => {
    const { store, add } = opened;
    for (const number of [1, 2]) await add(number, signature(number));
    for (const number of [3, 4]) await add(number, null);
    expect(await store.pending(1)).toEqual({ unsigned: 2, uncompared: 1 });
    expect(await store.pending(3)).toEqual({ unsigned: 1, uncompared: 0 });
    expect((await store.listUncompared(10, 1)).map(({ number }) => number)).toEqual([2]);
    expect((await store.listUnsigned(10, 3)).map(({ number }) => number)).toEqual([4]);
  });

  it('wait for being compared again where they are signed anew', async () => {
    const { store, add } = opened;
    await add(1, signature(1));
    await store.record(1, []);
    await store.sign([{ number: 1, signature: signature(2) }]);
    expect((await store.listUncompared(10)).map(({ signature: bytes }) => bytes)).toEqual([signature(2)]);
  });

  it('name the anchors of their groups', async () => {
    const { store, add } = opened;
    for (const number of [1, 2, 3]) await add(number, signature(number));
    await store.record(1, []);
    await store.record(2, [match(1, { isSame: true })]);
    await store.record(3, [match(1)]);
    expect(await store.anchorsOf([1, 2, 3])).toEqual([1]);
    expect(await store.anchorsOf([3])).toEqual([]);
  });
});
