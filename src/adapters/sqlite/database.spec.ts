import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { DataSource } from 'typeorm';
import { Foundation1764000000000 } from '../../../migrations/1764000000000-foundation.js';
import { figureIdOf, panelIdOf } from '../../domain/ids.js';
import { vectorToBytes } from '../../domain/vector.js';
import { Database } from './database.js';
import { openKeywords, searchWords } from '../../../test/support/sqlite-vectors.js';
import { EmbeddingReader } from './embedding-reader.js';
import { SqliteFigureStore } from './figure-store.js';
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
     VALUES (?, 'old', 'β-catenin in the crypts', '["stained section","gut"]', '${'ab'.repeat(32)}', 10, 10, 'record', 0)`,
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
      expect(await new SqliteFigureStore(database).figure(figureId)).toMatchObject({
        mentions: [],
        pixelSpacing: null,
        valueRange: null,
        panelOrigin: null,
        panelSuggestion: null,
      });
      const labeled = await filters.resolve({ labels: ['gut'] }, corpus);
      expect(labeled.count).toBe(1);
      expect(await filters.facet(labeled, 'label', 10)).toEqual([
        { value: 'gut', key: 'gut', count: 1 },
        { value: 'stained section', key: 'stained section', count: 1 },
      ]);
      const stored = await new EmbeddingReader(database).scan('space', 'CAPTION', 0, 10);
      expect(stored).toEqual([{ seq: 2, panel: 1, vector: Float32Array.of(0.6, 0.8) }]);
      // The words were indexed anew: Greek letters are found by their names.
      const found = await searchWords(openKeywords(database), database, 'beta catenin');
      expect(found).toMatchObject([{ panelId, figureId }]);
      expect(found[0]?.score).toBeGreaterThan(0);
    } finally {
      await database.close();
    }
  });
});

describe('a database of a newer version', () => {
  it('is refused and left as it is', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'newer-'));
    const database = await Database.open(folder);
    await database.write((runner) =>
      runner.query(`INSERT INTO migrations (timestamp, name) VALUES (9999999999999, 'Later9999999999999')`),
    );
    await database.close();
    await expect(Database.open(folder)).rejects.toMatchObject({
      code: 'DATABASE_UNAVAILABLE',
      message: expect.stringMatching(/newer one has changed it \(Later9999999999999\)/),
    });
  });

  it.each([
    ['derived_version', 'keyword index'],
    ['picture_version', 'signatures of pictures'],
  ])('is refused where it has made what %s counts', async (name, what) => {
    const folder = mkdtempSync(path.join(tmpdir(), 'newer-'));
    const database = await Database.open(folder);
    await database.write((runner) => runner.query(`UPDATE property SET value = '99' WHERE name = ?`, [name]));
    await database.close();
    await expect(Database.open(folder)).rejects.toMatchObject({
      code: 'DATABASE_UNAVAILABLE',
      message: expect.stringContaining(`a newer one has made its ${what} (99)`),
    });
  });
});
