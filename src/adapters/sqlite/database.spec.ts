import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { DataSource } from 'typeorm';
import { Foundation1764000000000 } from '../../../migrations/1764000000000-foundation.js';
import { figureIdOf, panelIdOf } from '../../domain/ids.js';
import { vectorToBytes } from '../../domain/vector.js';
import { Database } from './database.js';
import { KeywordSearch } from './keywords/keyword-search.js';
import { EmbeddingReader } from './embedding-reader.js';
import { FigureReader } from './figure-reader.js';
import { FilterReader } from './filter-reader.js';

const figureId = figureIdOf('old');
const panelId = panelIdOf(figureId, 0);

/** A database as the first version made it, with one figure. */
async function firstForm(folder: string): Promise<void> {
  const source = new DataSource({
    type: 'sqlite',
    database: path.join(folder, 'figseek.db'),
    migrations: [Foundation1764000000000],
  });
  await source.initialize();
  await source.query('PRAGMA page_size = 16384');
  await source.runMigrations();
  await source.query(
    `INSERT INTO figure (id, source_key, caption, labels, image_hash, width, height, record_hash, created_at)
     VALUES (?, 'old', 'β-catenin in the crypts', '["stained section","gut"]', 'hash', 10, 10, 'record', 0)`,
    [figureId],
  );
  await source.query(`INSERT INTO panel (id, figure_id, ordinal, x, y, width, height) VALUES (?, ?, 0, 0, 0, 10, 10)`, [
    panelId,
    figureId,
  ]);
  for (const kind of ['IMAGE', 'CAPTION']) {
    await source.query(`INSERT INTO embedding (panel_id, space, kind, vector) VALUES (?, 'space', ?, ?)`, [
      panelId,
      kind,
      vectorToBytes(Float32Array.of(0.6, 0.8)),
    ]);
  }
  await source.destroy();
}

describe('a database of the first version', () => {
  it('is brought to the present form with all that it holds', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'migrated-'));
    await firstForm(folder);
    const database = await Database.open(folder);
    try {
      const filters = new FilterReader(database);
      const corpus = await filters.corpus();
      expect(corpus.lastFigure).toBe(1);
      expect(await new FigureReader(database).figure(figureId)).toMatchObject({ mentions: [], pixelSpacing: null });
      const labelled = await filters.resolve({ labels: ['gut'] }, corpus);
      expect(labelled.count).toBe(1);
      expect(await filters.facet(labelled, 'label', 10)).toEqual([
        { value: 'gut', key: 'gut', count: 1 },
        { value: 'stained section', key: 'stained section', count: 1 },
      ]);
      const panel = { panelId, figureSeq: 1, imageHash: 'hash', labels: { IMAGE: 1, CAPTION: 2 } };
      expect((await new EmbeddingReader(database).panelsBySeq('CAPTION', [2, 3])).get(2)).toEqual(panel);
      // The words were indexed anew: Greek letters are found by their names.
      const found = await new KeywordSearch(database).search('beta catenin', 10, null, 'space');
      expect(found.map(({ score, ...rest }) => ({ ...rest, isPositive: score > 0 }))).toEqual([
        { ...panel, isPositive: true },
      ]);
    } finally {
      await database.close();
    }
  });
});
