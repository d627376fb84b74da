import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { drawnArticle, drawnFigure, withArticle } from '../../../test/support/drawn-figures.js';
import { drawnMask, maskRecord } from '../../../test/support/drawn-masks.js';
import type { FacetField } from '../../domain/facet.js';
import type { FigureFilter } from '../../domain/figure-filter.js';
import type { FigureWrite } from '../../domain/figure-write.js';
import { Database } from './database.js';
import { facetStatement } from './facet-sql.js';
import { FilterReader } from './filter-reader.js';
import { SqliteStores } from './sqlite-stores.js';

const fields: readonly FacetField[] = ['modality', 'license', 'journal', 'label', 'year', 'hasAnyMask'];
/** One value in several spellings: the most frequent one is given. */
const spellings = ['CC BY 4.0', 'cc by 4.0', 'CC BY 4.0', 'CC0', null];

function figureOf(number: number): FigureWrite {
  const drawn = drawnFigure(number);
  const article = drawnArticle(`article-${number % 9}`, {
    ...{ pmcid: `PMC${number % 9}`, year: 2000 + (number % 9), journal: ['eLife', 'Cell'][number % 2] ?? null },
  });
  const figure = {
    ...{ ...drawn.figure, modality: ['CT', 'ct', 'histology'][number % 3] ?? null },
    ...{ license: spellings[number % 5] ?? null, labels: ['Lung', 'nodule'].slice(0, number % 3) },
  };
  return withArticle({ ...drawn, figure, embeddings: [] }, article);
}

describe('the values of figures in memory', () => {
  let database: Database;
  let stores: SqliteStores;
  beforeAll(async () => {
    database = await Database.open(mkdtempSync(path.join(tmpdir(), 'facets-')));
    stores = new SqliteStores(database);
    await stores.writer.replace(Array.from({ length: 90 }, (_, number) => figureOf(number)));
    const { figure } = figureOf(7);
    const box = { x: 0, y: 0, width: figure.width, height: figure.height };
    await stores.masks.saveDrawn(maskRecord('nucleus', { imageHash: figure.imageHash, box }), drawnMask);
  });
  afterAll(() => database.close());

  async function expectSame(reader: FilterReader, filter: FigureFilter): Promise<void> {
    const scope = await reader.resolve(filter, await reader.corpus());
    const condition = await reader.condition(scope);
    for (const field of fields) {
      const { sql, values } = facetStatement({ field, condition, areFew: false, limit: 10 });
      const rows = await database.scanner.query<{ value: string; key: string; count: number }[]>(sql, [...values]);
      const counted = rows.map(({ value, key, count }) => ({ value, key, count }));
      expect(await reader.facet(scope, field, 10)).toEqual(counted);
      const keys = counted.slice(1).map(({ key }) => key);
      expect(await reader.facet(scope, field, 10, keys)).toEqual(counted.slice(1));
    }
  }

  it('are counted as the database counts them, filter after filter', async () => {
    const reader = new FilterReader(database);
    for (const yearFrom of [2001, 2002, 2004, 2008]) await expectSame(reader, { yearFrom });
    await expectSame(reader, { modalities: ['CT'] });
    await expectSame(reader, { yearFrom: 2100 });
  });

  it('follow the corpus, and the masks', async () => {
    const reader = new FilterReader(database);
    for (const yearFrom of [2001, 2002, 2003]) await expectSame(reader, { yearFrom });
    await stores.writer.replace([figureOf(200), figureOf(201)]);
    const { figure } = figureOf(8);
    const box = { x: 0, y: 0, width: figure.width, height: figure.height };
    await stores.masks.saveDrawn(maskRecord('nucleus', { imageHash: figure.imageHash, box }), drawnMask);
    for (const yearFrom of [2001, 2002, 2003]) await expectSame(reader, { yearFrom });
  });
});
