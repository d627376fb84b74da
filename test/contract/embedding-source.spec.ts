import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Database } from '../../src/adapters/sqlite/database.js';
import { SqliteFigureWriter } from '../../src/adapters/sqlite/figure-writer.js';
import { SqliteStores } from '../../src/adapters/sqlite/sqlite-stores.js';
import { figureIdOf } from '../../src/domain/ids.js';
import { vectorChunks, type EmbeddingSource } from '../../src/ports/embedding-source.js';
import { drawnFigure, drawnVector, space } from '../support/drawn-figures.js';
import { MemoryEmbeddings, panelOf } from '../support/memory-embeddings.js';

interface Opened {
  readonly source: EmbeddingSource;
  /** Stores an image vector for the figure of each number, in this order. */
  readonly store: (numbers: readonly number[]) => Promise<void>;
  readonly remove: (number: number) => Promise<void>;
  readonly close: () => Promise<void>;
}

async function inSqlite(): Promise<Opened> {
  const database = await Database.open(mkdtempSync(path.join(tmpdir(), 'embedding-source-')));
  const writer = new SqliteFigureWriter(database);
  return {
    source: new SqliteStores(database).vectors,
    store: async (numbers) => {
      await writer.replace(
        numbers.map((number) => {
          const { embeddings, ...drawn } = drawnFigure(number);
          return { ...drawn, embeddings: embeddings.filter(({ kind }) => kind === 'IMAGE') };
        }),
      );
    },
    remove: async (number) => {
      await writer.delete([figureIdOf(`figure-${number}`)]);
    },
    close: () => database.close(),
  };
}

function inMemory(): Promise<Opened> {
  const source = new MemoryEmbeddings();
  return Promise.resolve({
    source,
    store: (numbers: readonly number[]) => {
      for (const number of numbers) source.add(number, drawnVector(number));
      return Promise.resolve();
    },
    remove: (number: number) => {
      source.delete([panelOf(number)]);
      return Promise.resolve();
    },
    close: () => Promise.resolve(),
  });
}

const { version } = space;

describe.each<[string, () => Promise<Opened>]>([
  ['SQLite', inSqlite],
  ['memory', inMemory],
])('the source of an index in %s', (_kind, open) => {
  it('gives vectors in the order of labels that ascend, each with its panel, from any label on', async () => {
    const { source, store, close } = await open();
    await store([1, 2, 3, 4, 5]);
    const all = await source.scan(version, 'IMAGE', 0, 100);
    expect(all.map(({ vector }) => [...vector])).toEqual([1, 2, 3, 4, 5].map((number) => [...drawnVector(number)]));
    expect(all.every(({ seq }, at) => at === 0 || seq > (all[at - 1]?.seq ?? 0))).toBe(true);
    expect(new Set(all.map(({ panel }) => panel)).size).toBe(5);
    const [, second] = all;
    expect(await source.scan(version, 'IMAGE', second?.seq ?? 0, 2)).toEqual(all.slice(2, 4));
    const panels = await source.scanPanels(version, 'IMAGE', 0, 100);
    expect(panels.map(({ seq, panel }) => [seq, panel])).toEqual(all.map(({ seq, panel }) => [seq, panel]));
    const chunks = [];
    for await (const chunk of vectorChunks(source, version, 'IMAGE')) chunks.push(...chunk);
    expect(chunks).toEqual(all);
    await close();
  });

  it('counts them, and knows the last label; of a kind without vectors there is none', async () => {
    const { source, store, close } = await open();
    expect([await source.count(version, 'IMAGE'), await source.lastSeq(version, 'IMAGE')]).toEqual([0, 0]);
    await store([1, 2, 3]);
    const all = await source.scan(version, 'IMAGE', 0, 100);
    expect(await source.count(version, 'IMAGE')).toBe(3);
    expect(await source.lastSeq(version, 'IMAGE')).toBe(all.at(-1)?.seq);
    expect(await source.count(version, 'CAPTION')).toBe(0);
    expect(await source.scan(version, 'CAPTION', 0, 100)).toEqual([]);
    await close();
  });

  it('leaves out what was deleted, never gives a label twice, and its state tells of both', async () => {
    const { source, store, remove, close } = await open();
    await store([1, 2, 3]);
    const [before, all] = [await source.corpusState(), await source.scan(version, 'IMAGE', 0, 100)];
    await remove(2);
    const after = await source.corpusState();
    expect(after.lastPanelRemoval).toBeGreaterThan(before.lastPanelRemoval);
    expect(await source.scan(version, 'IMAGE', 0, 100)).toEqual([all[0], all[2]]);
    expect(await source.count(version, 'IMAGE')).toBe(2);
    await store([4]);
    expect((await source.corpusState()).lastEmbedding).toBeGreaterThan(after.lastEmbedding);
    const [last] = await source.scan(version, 'IMAGE', all[2]?.seq ?? 0, 100);
    expect([...(last?.vector ?? [])]).toEqual([...drawnVector(4)]);
    await close();
  });

  it('keeps which indexes were made of it', async () => {
    const { source, close } = await open();
    expect([...(await source.publishedGenerations(version))]).toEqual([]);
    await source.recordGeneration(version, 'g1', 'a'.repeat(64));
    await source.recordGeneration(version, 'g2', 'b'.repeat(64));
    await source.recordGeneration(version, 'g1', 'c'.repeat(64));
    expect(Object.fromEntries(await source.publishedGenerations(version))).toEqual({
      g1: 'c'.repeat(64),
      g2: 'b'.repeat(64),
    });
    await close();
  });
});
