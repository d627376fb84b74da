import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Box } from '../../domain/figure.js';
import type { ImageHash } from '../../domain/ids.js';
import { hashMaskKey, preprocessKey, type DrawnMask } from '../../domain/mask.js';
import type { MaskRecord } from '../../domain/stored-mask.js';
import { Database } from './database.js';
import { toCondition } from './filter-sql.js';
import { SqliteMaskStore } from './mask-store.js';

const whole: Box = { x: 0, y: 0, width: 8, height: 4 };
const half: Box = { x: 4, y: 0, width: 4, height: 4 };
const drawn: DrawnMask = {
  ...{ found: true, pValue: 0.5, similarity: 1, areaPixels: 4, areaFraction: 0.125, boxes: [] },
  rle: { size: [4, 8], counts: '04<' },
  polygons: [],
};

describe('masks in SQLite', () => {
  let database: Database;
  let store: SqliteMaskStore;

  beforeEach(async () => {
    database = await Database.open(mkdtempSync(path.join(tmpdir(), 'masks-')));
    store = new SqliteMaskStore(database);
  });

  afterEach(() => database.close());

  function record(prompt: string, box = whole, preparation = preprocessKey(64)): MaskRecord {
    const imageHash = 'image' as ImageHash;
    const key = { imageHash, box, modelVersion: '1', preparation, prompt, imageType: null };
    return { hash: hashMaskKey(key), key, model: 'narrow' };
  }

  async function addFigure(name: string, panels: readonly Box[]): Promise<void> {
    await database.write(async (runner) => {
      await runner.query(
        `INSERT INTO figure (id, source_key, caption, labels, image_hash, width, height, record_hash, created_at)
         VALUES (?, ?, '', '[]', 'image', 8, 4, '', 0)`,
        [name, name],
      );
      for (const [ordinal, { x, y, width, height }] of panels.entries()) {
        await runner.query(
          `INSERT INTO panel (id, figure_id, ordinal, x, y, width, height) VALUES (?, ?, ?, ?, ?, ?, ?)`,
          [`${name} ${ordinal}`, name, ordinal, x, y, width, height],
        );
      }
    });
  }

  async function version(): Promise<number> {
    const [row] = await database.reader.query<{ value: string }[]>(
      `SELECT value FROM property WHERE name = 'masks_version'`,
    );
    return Number(row?.value);
  }

  async function having(prompt: string): Promise<readonly string[]> {
    const { sql, values } = toCondition({ hasMask: { prompt } }, []);
    const rows = await database.reader.query<{ id: string }[]>(
      `SELECT figure.id FROM figure LEFT JOIN article ON article.id = figure.article_id WHERE ${sql} ORDER BY figure.id`,
      [...values],
    );
    return rows.map(({ id }) => id);
  }

  it('change what filters find only where they are drawn', async () => {
    const before = await version();
    await store.saveFailed(record('lung'), 'no memory');
    expect(await version()).toBe(before);
    await store.saveDrawn(record('lung'), drawn);
    expect(await version()).toBe(before + 1);
  });

  it('count for figures that have their panel, and only as they are drawn now', async () => {
    await addFigure('compound', [whole, half]);
    await addFigure('plain', [whole]);
    await store.saveDrawn(record('lung'), drawn);
    await store.saveDrawn(record('liver', half), drawn);
    await store.saveDrawn(record('heart', whole, '0/64'), drawn);
    expect(await having('lung')).toEqual(['compound', 'plain']);
    expect(await having('liver')).toEqual(['compound']);
    expect(await having('heart')).toEqual([]);
    expect((await store.ofImages(['image'])).map(({ prompt }) => prompt).sort()).toEqual(['liver', 'lung']);
  });
});
