import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Database } from '../../src/adapters/sqlite/database.js';
import { SqliteFigureWriter } from '../../src/adapters/sqlite/figure-writer.js';
import { readManifest } from '../../src/adapters/hnsw/manifest.js';
import type { HnswVectorIndex } from '../../src/adapters/hnsw/hnsw-vector-index.js';
import { drawnFigure, drawnVector, space } from '../support/drawn-figures.js';
import { openVectors } from '../support/sqlite-vectors.js';

describe.each(['hnsw', 'hnsw-i8'] as const)('a damaged generation of the engine %s', (engine) => {
  let folder: string;
  let database: Database;
  let problems: string[];
  let generation: string;
  let files: readonly string[];

  const home = (): string => path.join(folder, 'indexes');
  const fileOf = (name: string): string => path.join(home(), generation, name);
  const open = (): HnswVectorIndex =>
    openVectors(database, space, {
      home: home(),
      engine,
      onProblem: (problem) => problems.push(problem),
    });

  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'damaged-'));
    problems = [];
    database = await Database.open(path.join(folder, 'data'));
    await new SqliteFigureWriter(database).replace(Array.from({ length: 400 }, (_, i) => drawnFigure(i)));
    const vectors = open();
    await vectors.build();
    await vectors.close();
    generation = readdirSync(home())[0] ?? '';
    files = readdirSync(path.join(home(), generation)).sort();
    expect(files).toHaveLength(9);
  });

  afterAll(async () => {
    await database.close();
    rmSync(folder, { recursive: true });
  });

  const check = () => readManifest(path.join(home(), generation), space.version, space.dimensions);

  it('is refused before native code sees it, cut at a hundred lengths of each file', async () => {
    for (const name of files) {
      const whole = readFileSync(fileOf(name));
      for (let cut = 0; cut < 100; cut++) {
        writeFileSync(fileOf(name), whole.subarray(0, Math.floor((whole.length * cut) / 100)));
        await expect(check()).rejects.toThrow(/manifest/);
      }
      writeFileSync(fileOf(name), whole);
    }
    await expect(check()).resolves.toMatchObject({ generation });
  });

  it('is refused with any one byte changed, at a thousand places', async () => {
    for (const name of files) {
      const whole = readFileSync(fileOf(name));
      for (let flip = 0; flip < 1000 / files.length; flip++) {
        const at = (flip * 2_654_435_761) % whole.length;
        const changed = Buffer.from(whole);
        changed.writeUInt8(changed.readUInt8(at) ^ (1 << (flip % 8)), at);
        writeFileSync(fileOf(name), changed);
        await expect(check()).rejects.toThrow(/manifest/);
      }
      writeFileSync(fileOf(name), whole);
    }
  });

  it('is passed over with a reason, answered for by SQL, and built anew', async () => {
    for (const name of files) {
      const kept = path.join(folder, 'kept');
      cpSync(home(), kept, { recursive: true });
      const whole = readFileSync(fileOf(name));
      writeFileSync(fileOf(name), whole.subarray(0, whole.length - 1));
      problems = [];
      const vectors = open();
      const { panels } = await vectors.search('IMAGE', drawnVector(17), { k: 3 });
      expect(panels[0]?.score).toBeCloseTo(1, 5);
      expect(problems).toEqual([expect.stringMatching(/passed over/)]);
      expect(await vectors.ensureBuilt()).toBe(true);
      expect((await vectors.status()).generation).not.toBe(generation);
      await vectors.close();
      rmSync(home(), { recursive: true });
      cpSync(kept, home(), { recursive: true });
      rmSync(kept, { recursive: true });
    }
  });
});
