import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { FakeEncoder } from '../support/fake-encoder.js';
import { MemoryBlobStore } from '../support/memory-blob-store.js';
import { MemoryImageReader, rawFile } from '../support/memory-image-reader.js';
import { columnsImage, columnsRecord } from '../support/panel-records.js';
import { Database } from '../../src/adapters/sqlite/database.js';
import { SqliteEmbeddingStore } from '../../src/adapters/sqlite/embedding-store.js';
import { SqliteFigureStore } from '../../src/adapters/sqlite/figure-store.js';
import { SqliteFigureWriter } from '../../src/adapters/sqlite/figure-writer.js';
import { FigureBuilder } from '../../src/corpus/figure-builder.js';
import { figureIdOf, imageHashOf, panelIdOf } from '../../src/domain/ids.js';
import { CorpusSample } from '../../src/evaluation/corpus-sample.js';

describe('CorpusSample', () => {
  const encoder = new FakeEncoder();
  const blobs = new MemoryBlobStore();
  const reader = new MemoryImageReader(blobs);
  let database: Database;
  let sample: CorpusSample;

  beforeAll(async () => {
    database = await Database.open(mkdtempSync(path.join(tmpdir(), 'sample-')));
    const figures = new SqliteFigureStore(database);
    sample = new CorpusSample({ figures, embeddings: new SqliteEmbeddingStore(database), blobs }, reader);
    const builder = new FigureBuilder(encoder, blobs, reader);
    for (const [i, count] of [3, 1, 3, 2, 3].entries()) {
      const bytes = rawFile(columnsImage(count, i));
      const read = await builder.read(columnsRecord(`f${i}`, count), () => Promise.resolve(bytes));
      const prepared = await builder.prepare(read, { id: figureIdOf(`f${i}`), source: 'test' });
      await new SqliteFigureWriter(database).replace(await builder.embedAndBuild([prepared]));
    }
  });

  afterAll(async () => {
    await database.close();
  });

  it('takes one panel of each figure, of every place', async () => {
    const read = await sample.read(10, encoder.model);
    // Panels in all: 4, 2, 4, 3, 4.
    expect(read.map(({ panel }) => panel.id)).toEqual(
      [0, 1, 2, 0, 0].map((ordinal, i) => panelIdOf(figureIdOf(`f${i}`), ordinal)),
    );
  });

  it('gives the vectors of these panels, stored or made', async () => {
    const read = await sample.read(10, encoder.model);
    const stored = await sample.embed(read, encoder, () => undefined);
    await database.write((runner) => runner.query('DELETE FROM embedding'));
    const told: number[] = [];
    expect(await sample.embed(read, encoder, (done) => told.push(done))).toEqual(stored);
    expect(told).toEqual([5]);
    // The last panel of a record has no caption here.
    expect([stored.images.length, stored.captions.length]).toEqual([5, 4]);
  });

  it('leaves out a figure whose image is gone', async () => {
    await blobs.remove(imageHashOf(rawFile(columnsImage(3, 2))));
    const read = await sample.read(10, encoder.model);
    expect(read.map(({ panel }) => panel.figureId)).toEqual([0, 1, 3, 4].map((i) => figureIdOf(`f${i}`)));
  });
});
