import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Database } from '../../src/adapters/sqlite/database.js';
import { SqliteDetectionStore } from '../../src/adapters/sqlite/detection-store.js';
import { SqliteMaskStore } from '../../src/adapters/sqlite/mask-store.js';
import type { DetectedObject, StoredDetection } from '../../src/domain/detection.js';
import type { DetectionStore } from '../../src/ports/detection-store.js';
import type { MaskStore } from '../../src/ports/mask-store.js';
import { detectedObject, detectionRecord, drawnImage, drawnMask, maskRecord } from '../support/drawn-masks.js';
import { MemoryDetectionStore } from '../support/memory-detection-store.js';
import { MemoryMaskStore } from '../support/memory-mask-store.js';

interface Opened {
  readonly store: DetectionStore;
  readonly masks: MaskStore;
  close(): Promise<void>;
}

async function openSqlite(): Promise<Opened> {
  const database = await Database.open(mkdtempSync(path.join(tmpdir(), 'detection-store-')));
  const masks = new SqliteMaskStore(database);
  return { store: new SqliteDetectionStore(database), masks, close: () => database.close() };
}

function openMemory(): Promise<Opened> {
  const masks = new MemoryMaskStore();
  return Promise.resolve({ store: new MemoryDetectionStore(masks), masks, close: () => Promise.resolve() });
}

const record = detectionRecord('CT-Abdomen');
const objects: readonly DetectedObject[] = [
  detectedObject('liver', 0.2),
  detectedObject('spleen', 0.9),
  detectedObject('kidney', 0.2),
];

function promptsOf({ outcome }: StoredDetection): readonly string[] | null {
  return outcome.status === 'READY' ? outcome.masks.map(({ prompt }) => prompt) : null;
}

describe.each<[string, () => Promise<Opened>]>([
  ['SQLite', openSqlite],
  ['memory', openMemory],
])('a detection store in %s', (_where, open) => {
  let opened: Opened;

  beforeEach(async () => {
    opened = await open();
  });

  afterEach(() => opened.close());

  it('gives the objects of a detection, the highest p-value first', async () => {
    const { store } = opened;
    const saved = await store.saveDrawn(record, objects);
    expect(saved).toMatchObject({ imageType: 'CT-Abdomen', outcome: { status: 'READY' } });
    expect(promptsOf(saved)).toEqual(['spleen', 'liver', 'kidney']);
    expect(await store.byHash(record.hash)).toEqual(saved);
    expect(await store.byHash('absent')).toBeUndefined();
  });

  it('keeps that there are no objects', async () => {
    expect(promptsOf(await opened.store.saveDrawn(record, []))).toEqual([]);
  });

  it('keeps the first objects, whatever is saved later', async () => {
    const { store } = opened;
    const first = await store.saveDrawn(record, objects);
    expect(await store.saveDrawn(record, [detectedObject('liver', 0.5)])).toEqual(first);
    expect(await store.saveFailed(record, 'no memory')).toEqual(first);
  });

  it('replaces a failure by a later failure, and by objects', async () => {
    const { store } = opened;
    for (const error of ['no memory', 'no disk']) {
      expect(await store.saveFailed(record, error)).toMatchObject({
        ...{ imageType: 'CT-Abdomen', outcome: { status: 'FAILED', error, at: expect.any(Date) } },
      });
    }
    expect(promptsOf(await store.saveDrawn(record, objects))).toHaveLength(3);
  });

  it('has the masks of its objects among the other masks, apart from a mask by the same prompt', async () => {
    const { store, masks } = opened;
    const alone = await masks.saveDrawn(maskRecord('liver', { imageType: 'CT-Abdomen' }), drawnMask);
    const { outcome } = await store.saveDrawn(record, objects);
    const detected = outcome.status === 'READY' ? outcome.masks : [];
    expect(detected.every(({ isDetected }) => isDetected)).toBe(true);
    const hashes = new Set([alone, ...detected].map(({ hash }) => hash));
    expect(hashes.size).toBe(4);
    const ofImage = await masks.ofImages([drawnImage(1)]);
    expect(new Set(ofImage.map(({ hash }) => hash))).toEqual(hashes);
    expect(await masks.runLengths(detected[0]?.hash ?? '')).toMatchObject({ counts: drawnMask.rle.counts });
  });
});
