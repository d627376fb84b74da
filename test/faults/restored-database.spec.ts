import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { figureIdOf, panelIdOf } from '../../src/domain/ids.js';
import { Database } from '../../src/adapters/sqlite/database.js';
import { SqliteFigureWriter } from '../../src/adapters/sqlite/figure-writer.js';
import { isEqual } from '../../src/adapters/hnsw/compare-generation.js';
import { claimIndexFolder, sweepIndexFolders } from '../../src/adapters/hnsw/index-owners.js';
import type { HnswVectorIndex } from '../../src/adapters/hnsw/hnsw-vector-index.js';
import { drawnFigure, drawnVector, space } from '../support/drawn-figures.js';
import { openVectors } from '../support/sqlite-vectors.js';

describe('indexes and the state of the database', () => {
  let folder: string;
  let problems: string[];

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'restored-'));
    problems = [];
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  const home = (): string => path.join(folder, 'indexes');

  /** Opens a database and its vectors, works, and closes them: what is on disk then is whole. */
  async function withVectors<T>(
    data: string,
    work: (vectors: HnswVectorIndex, writer: SqliteFigureWriter, database: Database) => Promise<T>,
  ): Promise<T> {
    const database = await Database.open(path.join(folder, data));
    const vectors = openVectors(database, space, {
      home: home(),
      engine: 'hnsw',
      onProblem: (problem) => problems.push(problem),
    });
    try {
      return await work(vectors, new SqliteFigureWriter(database), database);
    } finally {
      await vectors.close();
      await database.close();
    }
  }

  const store = (writer: SqliteFigureWriter, from: number, to: number) =>
    writer.replace(Array.from({ length: to - from }, (_, i) => drawnFigure(from + i)));
  const panel = (number: number) => panelIdOf(figureIdOf(`figure-${number}`), 0);
  const nearest = async (vectors: HnswVectorIndex, number: number) =>
    (await vectors.search('IMAGE', drawnVector(number), { k: 1 })).panels[0];
  const copyDatabase = (from: string, to: string) => {
    mkdirSync(path.join(folder, to), { recursive: true });
    copyFileSync(path.join(folder, from, 'figseek.db'), path.join(folder, to, 'figseek.db'));
  };

  it('never answers with the vector of a later state after a restore', async () => {
    await withVectors('data', async (vectors, writer) => {
      await store(writer, 0, 300);
      await vectors.build();
    });
    copyDatabase('data', 'backup');
    await withVectors('data', async (vectors, writer) => {
      await store(writer, 1000, 1100);
      await vectors.build();
    });
    rmSync(path.join(folder, 'data'), { recursive: true });
    copyDatabase('backup', 'data');
    // The index of the later state is there, and the rows that it names are not given yet.
    await withVectors('data', async (vectors) => {
      expect((await nearest(vectors, 1050))?.score).toBeLessThan(0.99);
      expect(problems).toEqual([expect.stringMatching(/from another state of the database: it goes to vector 800/)]);
    });
    await withVectors('data', async (vectors, writer) => {
      await store(writer, 2000, 2100);
      for (const number of [2000, 2050, 2099]) expect((await nearest(vectors, number))?.panelId).toBe(panel(number));
      expect((await nearest(vectors, 1050))?.score).toBeLessThan(0.99);
      expect((await vectors.compare())?.every(isEqual)).toBe(true);
    });
  });

  it('does not take the index of a copy of the database for its own, nor delete it', async () => {
    await withVectors('one', async (vectors, writer) => {
      await store(writer, 0, 300);
      await vectors.build();
    });
    copyDatabase('one', 'two');
    await withVectors('one', async (vectors, writer) => {
      await store(writer, 1000, 1100);
      await vectors.build();
    });
    await withVectors('two', async (vectors, writer) => {
      await store(writer, 2000, 2100);
      expect((await nearest(vectors, 2050))?.panelId).toBe(panel(2050));
      await vectors.build();
      expect((await nearest(vectors, 2050))?.panelId).toBe(panel(2050));
    });
    problems = [];
    await withVectors('one', async (vectors) => {
      for (const number of [5, 1050]) expect((await nearest(vectors, number))?.panelId).toBe(panel(number));
      expect((await nearest(vectors, 2050))?.score).toBeLessThan(0.99);
    });
    expect(readdirSync(home()).filter((name) => name.startsWith('g'))).toHaveLength(3);
  });

  it('takes a generation that the database does not know only where all its vectors are equal', async () => {
    await withVectors('data', async (vectors, writer, database) => {
      await store(writer, 0, 300);
      await vectors.build();
      // As a version before generations were recorded left it.
      await database.write((runner) => runner.query('DELETE FROM index_generation'));
    });
    await withVectors('data', async (vectors) => {
      expect(await vectors.generation()).not.toBeNull();
      expect(problems).toEqual([]);
    });
    await withVectors('data', async (vectors, _writer, database) => {
      await database.write(async (runner) => {
        await runner.query('DELETE FROM index_generation');
        await runner.query(
          'UPDATE embedding SET vector = (SELECT vector FROM embedding WHERE seq = 2) WHERE seq = 401',
        );
      });
      expect(await vectors.generation()).toBeNull();
      expect(problems).toEqual([expect.stringMatching(/1 of 300 compared differ/)]);
    });
  });

  it('compares only a sample of a generation that the database knows: it opens at once', async () => {
    await withVectors('data', async (vectors, writer, database) => {
      await store(writer, 0, 300);
      await vectors.build();
      // The second row is not in the sample.
      await database.write((runner) =>
        runner.query('UPDATE embedding SET vector = (SELECT vector FROM embedding WHERE seq = 1) WHERE seq = 3'),
      );
    });
    await withVectors('data', async (vectors) => {
      expect(await vectors.generation()).not.toBeNull();
      expect((await vectors.compare())?.[0]).toMatchObject({ differing: 1 });
    });
  });

  it('tells by a comparison that a vector of the database is not the one of the index', async () => {
    await withVectors('data', async (vectors, writer, database) => {
      await store(writer, 0, 300);
      await vectors.build();
      await database.write(async (runner) => {
        await runner.query(
          'UPDATE embedding SET vector = (SELECT vector FROM embedding WHERE seq = 2) WHERE seq = 401',
        );
        await runner.query('DELETE FROM embedding WHERE seq = 403');
      });
      expect(await vectors.compare()).toEqual([
        { kind: 'IMAGE', compared: 299, differing: 1, missing: 0, deleted: 1 },
        { kind: 'CAPTION', compared: 300, differing: 0, missing: 0, deleted: 0 },
      ]);
    });
  });

  it('deletes the index folders whose databases are all gone, and no other', async () => {
    const database = path.join(folder, 'figseek.db');
    writeFileSync(database, 'a database');
    await claimIndexFolder(path.join(home(), 'kept'), database);
    await claimIndexFolder(path.join(home(), 'gone'), database);
    await claimIndexFolder(path.join(home(), 'gone'), path.join(folder, 'other.db'));
    mkdirSync(path.join(home(), 'older'));
    expect(await sweepIndexFolders(home())).toEqual([]);
    rmSync(database);
    expect(new Set(await sweepIndexFolders(home()))).toEqual(new Set(['kept', 'gone']));
    expect(readdirSync(home())).toEqual(['older']);
  });
});
