import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FakeEncoder } from '../support/fake-encoder.js';
import { MemoryBlobStore } from '../support/memory-blob-store.js';
import { MemoryImageReader, rawFile } from '../support/memory-image-reader.js';
import { columnsImage, columnsRecord } from '../support/panel-records.js';
import { Database } from '../../src/adapters/sqlite/database.js';
import { SqliteEmbeddingStore } from '../../src/adapters/sqlite/embedding-store.js';
import { SqliteSourceStore } from '../../src/adapters/sqlite/source-store.js';
import type { BackfilledEmbedding } from '../../src/domain/embedding.js';
import { SqliteFigureWriter } from '../../src/adapters/sqlite/figure-writer.js';
import { figureIdOf, imageHashOf } from '../../src/domain/ids.js';
import { EmbeddingBackfill } from '../../src/corpus/embedding-backfill.js';
import { FigureBuilder } from '../../src/corpus/figure-builder.js';

const space = new FakeEncoder().model.version;

interface VectorRow {
  readonly panel: string;
  readonly kind: string;
  readonly vector: string;
}

describe('EmbeddingBackfill', () => {
  let database: Database;
  let sources: SqliteSourceStore;
  let embeddings: SqliteEmbeddingStore;
  let writer: SqliteFigureWriter;
  let blobs: MemoryBlobStore;
  let reader: MemoryImageReader;

  beforeEach(async () => {
    database = await Database.open(mkdtempSync(path.join(tmpdir(), 'backfill-')));
    sources = new SqliteSourceStore(database);
    embeddings = new SqliteEmbeddingStore(database);
    writer = new SqliteFigureWriter(database);
    blobs = new MemoryBlobStore();
    reader = new MemoryImageReader(blobs);
  });

  afterEach(async () => {
    await database.close();
  });

  /** Figures with as many panels as each number says. @returns their vectors as the ingest made them */
  async function store(columns: readonly number[]): Promise<readonly VectorRow[]> {
    const builder = new FigureBuilder(new FakeEncoder(), blobs, reader);
    for (const [i, count] of columns.entries()) {
      const read = await builder.read(columnsRecord(`f${i}`, count), () =>
        Promise.resolve(rawFile(columnsImage(count, i))),
      );
      const prepared = await builder.prepare(read, { id: figureIdOf(`f${i}`), source: 'test' });
      await writer.replace(await builder.embedAndBuild([prepared]));
    }
    reader.decoded = 0;
    return vectors();
  }

  function vectors(): Promise<readonly VectorRow[]> {
    return database.reader.query<VectorRow[]>(
      `SELECT panel_id AS panel, kind, hex(vector) AS vector FROM embedding ORDER BY panel_id, kind DESC`,
    );
  }

  function forget(where: string): Promise<unknown> {
    return database.write((runner) =>
      runner.query(`DELETE FROM embedding WHERE panel_id IN (SELECT id FROM panel WHERE ${where})`),
    );
  }

  function backfill(add = (made: readonly BackfilledEmbedding[]) => embeddings.add(made)): EmbeddingBackfill {
    const store = {
      listPanelsMissingEmbedding: (...asked: Parameters<SqliteEmbeddingStore['listPanelsMissingEmbedding']>) =>
        embeddings.listPanelsMissingEmbedding(...asked),
      countPanelsMissingEmbedding: (asked: string) => embeddings.countPanelsMissingEmbedding(asked),
      add,
    };
    return new EmbeddingBackfill(new FakeEncoder(), blobs, store, reader);
  }

  it('makes the same vectors of all panels as an ingest, and counts panels as it goes', async () => {
    const made = await store([1, 9, 3, 5]);
    await forget('TRUE');
    expect(await embeddings.countPanelsMissingEmbedding(space)).toBe(22);
    const told: string[] = [];
    const report = await backfill().run((done, total) => told.push(`${done}/${total}`));
    expect(report).toEqual({ embedded: 4, failures: [] });
    expect(told).toEqual(['22/22']);
    expect(await vectors()).toEqual(made);
    // Each image was decoded once for all of its panels.
    expect(reader.decoded).toBe(4);
  });

  it('counts a figure once whose panels are in two batches', async () => {
    const made = await store([9, 9, 9, 9]);
    await forget('TRUE');
    const told: number[] = [];
    const report = await backfill().run((done) => told.push(done));
    expect(report).toEqual({ embedded: 4, failures: [] });
    expect(told).toEqual([32, 40]);
    expect(await vectors()).toEqual(made);
  });

  it('finds a panel that has no vector although its whole figure has one', async () => {
    const made = await store([2, 4]);
    expect((await sources.storedRecords(['f1'], space)).get('f1')?.[0]?.stored?.isEmbedded).toBe(true);
    await forget(`ordinal = 3 AND figure_id = '${figureIdOf('f1')}'`);
    expect((await sources.storedRecords(['f1'], space)).get('f1')?.[0]?.stored?.isEmbedded).toBe(false);
    expect(await embeddings.countPanelsMissingEmbedding(space)).toBe(1);
    expect(await backfill().run(() => undefined)).toEqual({ embedded: 1, failures: [] });
    expect(await vectors()).toEqual(made);
    expect((await sources.storedRecords(['f1'], space)).get('f1')?.[0]?.stored?.isEmbedded).toBe(true);
  });

  it('goes on where it was stopped', async () => {
    const made = await store([9, 9, 9, 9]);
    await forget('TRUE');
    let calls = 0;
    const stopping = (made: readonly BackfilledEmbedding[]): Promise<void> => {
      calls += 1;
      return calls > 1 ? Promise.reject(new Error('stopped')) : embeddings.add(made);
    };
    await expect(backfill(stopping).run(() => undefined)).rejects.toThrow('stopped');
    expect(await embeddings.countPanelsMissingEmbedding(space)).toBe(8);
    expect(await backfill().run(() => undefined)).toEqual({ embedded: 1, failures: [] });
    expect(await vectors()).toEqual(made);
  });

  it('tells once of a figure whose image is gone, and embeds the others', async () => {
    await store([9, 9, 9, 9, 1]);
    await forget('TRUE');
    for (const broken of [1, 3]) await blobs.remove(imageHashOf(rawFile(columnsImage(9, broken))));
    const { embedded, failures } = await backfill().run(() => undefined);
    expect(embedded).toBe(3);
    expect(failures.map(({ sourceKey }) => sourceKey)).toEqual(['f1', 'f3']);
    expect(await embeddings.countPanelsMissingEmbedding(space)).toBe(20);
  });

  it('adds no vector to a panel whose figure was changed meanwhile', async () => {
    await store([3]);
    await forget('TRUE');
    const changing = async (made: readonly BackfilledEmbedding[]): Promise<void> => {
      await database.write((runner) => runner.query(`UPDATE figure SET record_hash = 'another'`));
      await embeddings.add(made);
    };
    await backfill(changing).run(() => undefined);
    expect(await vectors()).toEqual([]);
  });
});
