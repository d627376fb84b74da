import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { FigseekError } from '../../src/domain/errors.js';
import { validateFilter } from '../../src/domain/figure-filter.js';
import { articleIdOf } from '../../src/domain/ids.js';
import { Database } from '../../src/adapters/sqlite/database.js';
import type { FigureWrite } from '../../src/domain/figure-write.js';
import { SqliteFigureWriter } from '../../src/adapters/sqlite/figure-writer.js';
import { FilterReader } from '../../src/adapters/sqlite/filter-reader.js';
import { filters } from '../support/arbitraries.js';
import { drawnFigure } from '../support/drawn-figures.js';
import { payloadOf, toPayloadCondition } from '../support/figure-payload.js';

const count = 120;
const modalities = ['Radiograph', 'histology', 'électron'];
const licenses = ['CC BY 4.0', 'cc by-nc 4.0', 'CC0', 'All rights reserved'];
const journals = ['eLife', 'PLoS Biology'];
const labels = ['Lung', 'nodule', 'Sjögren'];

function figureOf(number: number): FigureWrite {
  const drawn = drawnFigure(number);
  const article = number % 11;
  return {
    ...drawn,
    article: {
      ...{ id: articleIdOf(`article-${article}`), pmcid: `PMC${100 + article}`, pmid: null, doi: null, url: null },
      ...{ title: `Article ${article}`, authors: [], retracted: article === 10 },
      license: licenses[article % 5] ?? null,
      journal: journals[article % 3] ?? null,
      year: article === 9 ? null : 1998 + article,
    },
    figure: {
      ...drawn.figure,
      articleId: articleIdOf(`article-${article}`),
      modality: modalities[number % 4] ?? null,
      license: licenses[number % 7] ?? null,
      labels: labels.filter((_, at) => ((number >> at) & 1) === 1),
      createdAt: new Date(number * 2000),
    },
    embeddings: [],
  };
}

describe('any filter', () => {
  const figures = Array.from({ length: count }, (_, number) => figureOf(number));
  const articleIds = [0, 5, 10].map((number) => articleIdOf(`article-${number}`));
  let database: Database;
  let reader: FilterReader;

  beforeAll(async () => {
    database = await Database.open(mkdtempSync(path.join(tmpdir(), 'filters-')));
    await new SqliteFigureWriter(database).replace(figures);
    reader = new FilterReader(database);
  });
  afterAll(() => database.close());

  it('allows the same figures as SQL and as a condition on payloads, unless it is refused', async () => {
    const corpus = await reader.corpus();
    await fc.assert(
      fc.asyncProperty(filters({ modalities, licenses, journals, labels, articleIds }), async (filter) => {
        try {
          validateFilter(filter);
        } catch (error) {
          expect(error).toBeInstanceOf(FigseekError);
          return;
        }
        const isAllowed = toPayloadCondition(filter);
        const expected = figures.flatMap((figure, at) => (isAllowed(payloadOf(figure)) ? [at + 1] : []));
        const scope = await reader.resolve(filter, corpus);
        expect(scope.count).toBe(expected.length);
        const allowed = await reader.allowedFigures(scope);
        const found = Array.from({ length: count }, (_, at) => at + 1).filter((number) => allowed.has(number));
        expect(found).toEqual(expected);
      }),
      { numRuns: 300 },
    );
  });
});
