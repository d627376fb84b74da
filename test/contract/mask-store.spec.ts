import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Database } from '../../src/adapters/sqlite/database.js';
import { SqliteFigureWriter } from '../../src/adapters/sqlite/figure-writer.js';
import { SqliteMaskStore } from '../../src/adapters/sqlite/mask-store.js';
import type { MaskStore } from '../../src/ports/mask-store.js';
import { drawnFigure } from '../support/drawn-figures.js';
import { drawnBox, drawnImage, drawnMask, maskRecord } from '../support/drawn-masks.js';
import { MemoryMaskStore } from '../support/memory-mask-store.js';

interface Opened {
  readonly store: MaskStore;
  close(): Promise<void>;
}

/** A store of a corpus that holds `drawnFigure(1)` alone. */
async function openSqlite(): Promise<Opened> {
  const database = await Database.open(mkdtempSync(path.join(tmpdir(), 'mask-store-')));
  await new SqliteFigureWriter(database).replace([drawnFigure(1)]);
  return { store: new SqliteMaskStore(database), close: () => database.close() };
}

function openMemory(): Promise<Opened> {
  const { figure, panels } = drawnFigure(1);
  const store = new MemoryMaskStore(
    (imageHash, { width }) => imageHash === figure.imageHash && width === panels[0]?.box.width,
  );
  return Promise.resolve({ store, close: () => Promise.resolve() });
}

const { rle, polygons, ...measures } = drawnMask;
const otherBox = { ...drawnBox, width: 2 };

describe.each<[string, () => Promise<Opened>]>([
  ['SQLite', openSqlite],
  ['memory', openMemory],
])('a mask store in %s', (_where, open) => {
  let opened: Opened;

  beforeEach(async () => {
    opened = await open();
  });

  afterEach(() => opened.close());

  it('gives masks by their hashes, and leaves out those that are absent', async () => {
    const { store } = opened;
    const record = maskRecord('lung', { imageType: 'CT-Chest' });
    const saved = await store.saveDrawn(record, drawnMask);
    expect(saved).toEqual({
      ...{ hash: record.hash, imageHash: drawnImage(1), box: drawnBox, model: 'fake' },
      ...{ prompt: 'lung', imageType: 'CT-Chest', isDetected: false },
      outcome: { status: 'READY', measures },
    });
    expect(await store.byHashes([record.hash, 'absent'])).toEqual(new Map([[record.hash, saved]]));
  });

  it('keeps unknown measures unknown', async () => {
    const empty = { ...drawnMask, found: null, pValue: null, boxes: [] };
    expect(await opened.store.saveDrawn(maskRecord('lung'), empty)).toMatchObject({
      outcome: { measures: { found: null, pValue: null, boxes: [] } },
    });
  });

  it('keeps the first mask that was made, whatever is saved later', async () => {
    const { store } = opened;
    const record = maskRecord('lung');
    const first = await store.saveDrawn(record, drawnMask);
    expect(await store.saveDrawn(record, { ...drawnMask, similarity: 0 })).toEqual(first);
    expect(await store.saveFailed(record, 'no memory')).toEqual(first);
    expect(await store.byHashes([record.hash])).toEqual(new Map([[record.hash, first]]));
  });

  it('replaces a failure by a later failure, and by a mask', async () => {
    const { store } = opened;
    const record = maskRecord('lung');
    const before = Date.now();
    for (const error of ['no memory', 'no disk']) {
      expect(await store.saveFailed(record, error)).toMatchObject({ outcome: { status: 'FAILED', error } });
    }
    const { outcome } = await store.saveFailed(record, 'no time');
    const at = outcome.status === 'FAILED' ? outcome.at.getTime() : 0;
    expect(at).toBeGreaterThanOrEqual(before);
    await store.saveDrawn(record, drawnMask);
    expect((await store.byHashes([record.hash])).get(record.hash)).toMatchObject({ outcome: { status: 'READY' } });
  });

  it('gives pixels and polygons of masks that were made, and of no others', async () => {
    const { store } = opened;
    const [lung, heart] = [maskRecord('lung', { box: { ...drawnBox, width: 4, height: 4 } }), maskRecord('heart')];
    await store.saveDrawn(lung, drawnMask);
    await store.saveFailed(heart, 'no memory');
    expect(await store.shapes([lung.hash, heart.hash, 'absent'])).toEqual(new Map([[lung.hash, { rle, polygons }]]));
    expect(await store.runLengths(lung.hash)).toEqual(rle);
    expect([await store.runLengths(heart.hash), await store.runLengths('absent')]).toEqual([null, null]);
  });

  it('gives the masks of images that were made as masks are made now', async () => {
    const { store } = opened;
    await store.saveDrawn(maskRecord('lung'), drawnMask);
    await store.saveDrawn(maskRecord('heart', { imageHash: drawnImage(2), preparation: '1/128' }), drawnMask);
    await store.saveDrawn(maskRecord('liver', { imageHash: drawnImage(3) }), drawnMask);
    await store.saveDrawn(maskRecord('old', { preparation: '0/64' }), drawnMask);
    await store.saveFailed(maskRecord('failed'), 'no memory');
    const prompts = async (images: readonly number[]) =>
      (await store.ofImages(images.map(drawnImage))).map(({ prompt }) => prompt).sort();
    expect(await prompts([1, 2])).toEqual(['heart', 'lung']);
    expect(await prompts([4])).toEqual([]);
  });

  it('counts the masks of panels that are in the corpus', async () => {
    const { store } = opened;
    expect(await store.count()).toBe(0);
    await store.saveDrawn(maskRecord('lung'), drawnMask);
    await store.saveDrawn(maskRecord('liver'), drawnMask);
    await store.saveDrawn(maskRecord('lung', { box: otherBox }), drawnMask);
    await store.saveDrawn(maskRecord('lung', { imageHash: drawnImage(2) }), drawnMask);
    await store.saveFailed(maskRecord('heart'), 'no memory');
    expect(await store.count()).toBe(2);
  });
});
