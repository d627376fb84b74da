import { mkdtempSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { AtlasFileStore } from '../../src/adapters/files/atlas-file-store.js';
import { atlasIdAt, noCluster, withPoints, type Atlas } from '../../src/domain/atlas.js';
import type { AtlasStore } from '../../src/ports/atlas-store.js';
import { MemoryAtlasStore } from '../support/memory-atlas-store.js';

const problems: string[] = [];

function drawnAtlas(second: number, space = 'one'): Atlas {
  const madeAt = new Date(Date.UTC(2026, 0, 1, 0, 0, second));
  return {
    ...{ id: atlasIdAt(madeAt), space, generation: 'g1', madeAt, laidOut: 3, lastVector: 9 },
    panels: Uint32Array.of(1, 4, 7),
    x: Float32Array.of(0.25, 0.5, 1),
    y: Float32Array.of(0, 0.125, 0.75),
    cluster: Uint16Array.of(0, 0, noCluster),
    clusters: [{ words: ['blood', 'größe'], x: 0.375, y: 0.0625, count: 2 }],
  };
}

function inFiles(folder = mkdtempSync(path.join(tmpdir(), 'atlas-'))): AtlasStore {
  return new AtlasFileStore(
    (space) => path.join(folder, space),
    (problem) => problems.push(problem),
  );
}

describe.each<[string, () => AtlasStore]>([
  ['files', () => inFiles()],
  ['memory', () => new MemoryAtlasStore()],
])('maps kept in %s', (_where, open) => {
  it('are read as they were saved, each for its model version', async () => {
    const store = open();
    expect(await store.read('one', null)).toBeNull();
    await store.save(drawnAtlas(1));
    await store.save(drawnAtlas(2, 'two'));
    expect(await store.read('one', null)).toEqual(drawnAtlas(1));
    expect(await store.read('two', null)).toEqual(drawnAtlas(2, 'two'));
    expect(await store.read('three', null)).toBeNull();
  });

  it('give the newest one, and the known one back where that is it', async () => {
    const store = open();
    const old = drawnAtlas(1);
    await store.save(old);
    expect(await store.read('one', old)).toBe(old);
    await store.save(drawnAtlas(2));
    expect(await store.read('one', old)).toEqual(drawnAtlas(2));
    expect(await store.read('one', drawnAtlas(2, 'two'))).toEqual(drawnAtlas(2));
  });

  it('take another state of the same map in its place', async () => {
    const store = open();
    await store.save(drawnAtlas(1));
    const added = { panels: [11], x: [0.5], y: [0.5], cluster: [0] };
    const more = withPoints(
      drawnAtlas(1),
      {
        panels: Uint32Array.from(added.panels),
        x: Float32Array.from(added.x),
        y: Float32Array.from(added.y),
        cluster: Uint16Array.from(added.cluster),
      },
      12,
    );
    await store.save(more);
    const read = await store.read('one', null);
    expect(read).toEqual(more);
    expect(read?.laidOut).toBe(3);
  });

  it('are made by one at a time', async () => {
    const store = open();
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const first = store.exclusively('one', () => held);
    await new Promise((resolve) => setTimeout(resolve, 50));
    await store.exclusively('two', () => Promise.resolve());
    release();
    await first;
    expect(await store.exclusively('one', () => Promise.resolve('done'))).toBe('done');
  });
});

describe('maps kept in files', () => {
  it('are not read where a killed process left half of one, or where bytes differ', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'atlas-'));
    await inFiles(folder).save(drawnAtlas(1));
    const files = path.join(folder, 'one');
    const [name = ''] = readdirSync(files);
    const whole = readFileSync(path.join(files, name));
    const leftover = path.join(files, '.atlas-a20270101000000000.bin.5f3');
    writeFileSync(leftover, whole.subarray(0, 40));
    utimesSync(leftover, new Date(0), new Date(0));
    writeFileSync(path.join(files, 'atlas-a20270101000000000.bin'), whole.subarray(0, whole.length - 3));
    const damaged = Buffer.from(whole);
    damaged[whole.length - 1] = (damaged[whole.length - 1] ?? 0) ^ 1;
    writeFileSync(path.join(files, 'atlas-a20270202000000000.bin'), damaged);
    const store = inFiles(folder);
    expect(await store.read('one', null)).toEqual(drawnAtlas(1));
    expect(problems).toEqual([
      expect.stringContaining('a20270202000000000.bin is passed over: its sha256 does not fit'),
      expect.stringContaining('a20270101000000000.bin is passed over: its sha256 does not fit'),
    ]);
    // The next map takes the leftovers away.
    await store.save({ ...drawnAtlas(1), id: 'a20280101000000000' });
    expect(readdirSync(files)).toEqual(['atlas-a20280101000000000.bin']);
  });

  it('are no maps of other model versions, nor other files', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'atlas-'));
    const store = inFiles(folder);
    await store.save(drawnAtlas(1));
    await store.save(drawnAtlas(1, 'two'));
    const [name = ''] = readdirSync(path.join(folder, 'two'));
    writeFileSync(path.join(folder, 'one', name.replace('01000001', '01000005')), 'FSATLAS1');
    expect(await store.read('one', null)).toEqual(drawnAtlas(1));
  });
});
