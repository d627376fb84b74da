import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { FigureFilter } from '../../src/domain/figure-filter.js';
import { articleIdOf, figureIdOf, panelIdOf, type PanelId } from '../../src/domain/ids.js';
import { dot } from '../../src/domain/vector.js';
import { Database } from '../../src/adapters/sqlite/database.js';
import type { FigureWrite } from '../../src/domain/figure-write.js';
import { SqliteEmbeddingStore } from '../../src/adapters/sqlite/embedding-store.js';
import { SqliteFigureWriter } from '../../src/adapters/sqlite/figure-writer.js';
import { FilterReader } from '../../src/adapters/sqlite/filter-reader.js';
import type { VectorIndex } from '../../src/ports/vector-index.js';
import { drawnFigure, drawnVector, space } from '../support/drawn-figures.js';
import { MemoryVectorIndex } from '../support/memory-vector-index.js';
import { openVectors } from '../support/sqlite-vectors.js';

const count = 240;
const panel = (number: number): PanelId => panelIdOf(figureIdOf(`figure-${number}`), 0);

/** Every third has no caption, and each has values of its own to be filtered by. */
function figureOf(number: number): FigureWrite {
  const drawn = drawnFigure(number);
  const articleNumber = number % 12;
  return {
    ...drawn,
    article: {
      ...{ id: articleIdOf(`article-${articleNumber}`), pmcid: `PMC${1000 + articleNumber}`, pmid: null, doi: null },
      ...{
        title: `Article ${articleNumber}`,
        authors: [],
        url: null,
        license: articleNumber % 2 === 0 ? 'CC BY' : null,
        licenseText: null,
      },
      ...{ journal: articleNumber % 3 === 0 ? 'eLife' : 'PLoS Biology', year: 2000 + articleNumber },
      retracted: articleNumber === 11,
    },
    figure: {
      ...drawn.figure,
      articleId: articleIdOf(`article-${articleNumber}`),
      modality: ['radiograph', 'histology', null][number % 3] ?? null,
      license: number % 10 === 0 ? 'CC BY-NC' : null,
      licenseText: null,
      labels: number % 4 === 0 ? ['Lung', 'nodule'] : [],
      createdAt: new Date(number * 1000),
    },
    embeddings: drawn.embeddings.filter(({ kind }) => kind === 'IMAGE' || number % 3 !== 0),
  };
}

interface Opened {
  readonly index: VectorIndex;
  readonly remove: (numbers: readonly number[]) => Promise<void>;
  readonly close: () => Promise<void>;
}

let database: Database;
let writer: SqliteFigureWriter;
let embeddings: SqliteEmbeddingStore;
const filters = () => new FilterReader(database);

beforeAll(async () => {
  database = await Database.open(mkdtempSync(path.join(tmpdir(), 'vector-contract-')));
  writer = new SqliteFigureWriter(database);
  embeddings = new SqliteEmbeddingStore(database);
  await writer.replace(Array.from({ length: count }, (_, number) => figureOf(number)));
});
afterAll(() => database.close());

async function openHnsw(isBuilt: boolean): Promise<Opened> {
  const home = mkdtempSync(path.join(tmpdir(), 'vector-contract-index-'));
  const onProblem = (problem: string): never => {
    throw new Error(problem);
  };
  const index = openVectors(database, space, { home, engine: 'hnsw', onProblem });
  if (isBuilt) await index.build();
  const remove = async (numbers: readonly number[]) => {
    await writer.delete(numbers.map((number) => figureIdOf(`figure-${number}`)));
  };
  return { index, remove, close: () => index.close() };
}

function openMemory(): Promise<Opened> {
  const index = new MemoryVectorIndex(space.dimensions);
  index.add(Array.from({ length: count }, (_, number) => figureOf(number)));
  const remove = (numbers: readonly number[]) => {
    index.delete(numbers.map((number) => figureIdOf(`figure-${number}`)));
    return Promise.resolve();
  };
  return Promise.resolve({ index, remove, close: () => Promise.resolve() });
}

const cases: readonly (readonly [string, FigureFilter, (number: number) => boolean])[] = [
  ['years', { yearFrom: 2003, yearTo: 2005 }, (n) => [3, 4, 5].includes(n % 12)],
  ['a modality in another case', { modalities: ['RADIOGRAPH'] }, (n) => n % 3 === 0],
  ['a label', { labels: ['lung'] }, (n) => n % 4 === 0],
  ['journals', { journals: ['elife'] }, (n) => (n % 12) % 3 === 0],
  ['an article', { articleIds: [articleIdOf('article-4')] }, (n) => n % 12 === 4],
  ['commercial use', { reuse: 'COMMERCIAL' }, (n) => n % 10 !== 0 && (n % 12) % 2 === 0],
  ['not a modality', { not: { modalities: ['histology'] } }, (n) => n % 3 !== 1],
  ['either', { or: [{ labels: ['nodule'] }, { yearFrom: 2010 }] }, (n) => n % 4 === 0 || n % 12 >= 10],
  ['both', { and: [{ labels: ['nodule'] }, { modalities: ['histology'] }] }, (n) => n % 4 === 0 && n % 3 === 1],
  ['retracted ones too', { excludeRetracted: false, yearFrom: 2011 }, (n) => n % 12 === 11],
  ['what came late', { ingestedAfter: new Date(200_000) }, (n) => n > 200],
  ['nothing', { labels: ['no such label'] }, () => false],
];
const isRetracted = (number: number): boolean => number % 12 === 11;

describe.each<[string, () => Promise<Opened>]>([
  ['HNSW files with what came later', () => openHnsw(true)],
  ['the database alone', () => openHnsw(false)],
  ['memory, with payloads', openMemory],
])('a vector index in %s', (_where, open) => {
  let opened: Opened;
  beforeAll(async () => {
    opened = await open();
  });
  afterAll(() => opened.close());

  const numbers = Array.from({ length: count }, (_, number) => number);
  const nearest = (query: number, k: number, isAllowed: (number: number) => boolean): readonly PanelId[] =>
    numbers
      .filter(isAllowed)
      .map((number) => ({ number, score: dot(drawnVector(query), drawnVector(number)) }))
      .sort((a, b) => b.score - a.score)
      .slice(0, k)
      .map(({ number }) => panel(number));

  it('finds a panel by its own vector, with its figure', async () => {
    const { panels } = await opened.index.search('IMAGE', drawnVector(17), { k: 3 });
    expect(panels[0]).toMatchObject({ panelId: panel(17), figureId: figureIdOf('figure-17') });
    expect(panels[0]?.score).toBeCloseTo(1, 5);
    expect(panels).toHaveLength(3);
  });

  it.each(cases)('allows what a filter allows: %s', async (_name, filter, isAllowed) => {
    const scope = await filters().resolve(filter, await filters().corpus());
    const expected = nearest(30, 25, (n) => isAllowed(n) && (filter.excludeRetracted === false || !isRetracted(n)));
    const { panels } = await opened.index.search('IMAGE', drawnVector(30), { k: 25, scope, exact: true });
    expect(panels.map(({ panelId }) => panelId)).toEqual(expected);
  });

  it('scores given candidates, those that have a vector of the kind', async () => {
    const vectors = [drawnVector(5), drawnVector(6)];
    const candidates = [panel(1), panel(3), panel(4), panelIdOf(figureIdOf('none'), 0)];
    const images = await opened.index.score('IMAGE', vectors, candidates);
    expect([...images.keys()]).toEqual(candidates.slice(0, 3));
    for (const number of [1, 3, 4]) {
      const expected = vectors.map((vector) => dot(vector, drawnVector(number)));
      [...(images.get(panel(number)) ?? [])].forEach((score, at) => {
        expect(score).toBeCloseTo(expected[at] ?? Number.NaN, 5);
      });
    }
    const captions = await opened.index.score('CAPTION', vectors, candidates);
    expect([...captions.keys()]).toEqual([panel(1), panel(4)]);
    expect(await opened.index.panelsWith('CAPTION', candidates)).toEqual(new Set([panel(1), panel(4)]));
  });

  it('gives the vectors of a panel', async () => {
    expect(await opened.index.vectorsOf(panel(4))).toEqual({ IMAGE: drawnVector(4), CAPTION: drawnVector(4.5) });
    expect(await opened.index.vectorsOf(panel(3))).toEqual({ IMAGE: drawnVector(3), CAPTION: null });
    expect(await opened.index.vectorsOf(panelIdOf(figureIdOf('none'), 0))).toEqual({ IMAGE: null, CAPTION: null });
  });

  it('tells what its vectors look like', async () => {
    const statistics = await opened.index.scoreStatistics('CAPTION');
    expect(statistics?.sample.length).toBeGreaterThan(100);
    expect(statistics?.mean).toHaveLength(space.dimensions);
    expect(await opened.index.status()).toMatchObject({ indexed: count });
  });

  it('refuses a vector of another length', async () => {
    await expect(opened.index.search('IMAGE', new Float32Array(4), { k: 3 })).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
    });
  });

  it('forgets deleted figures at once, and finds them when they are stored again', async () => {
    await opened.remove([17, 18]);
    const { panels } = await opened.index.search('IMAGE', drawnVector(17), { k: 240 });
    expect(panels.map(({ panelId }) => panelId)).not.toContain(panel(17));
    expect(panels).toHaveLength(count - 2);
    expect(await opened.index.vectorsOf(panel(17))).toEqual({ IMAGE: null, CAPTION: null });
    if (opened.index instanceof MemoryVectorIndex) opened.index.add([figureOf(17), figureOf(18)]);
    else await writer.replace([figureOf(17), figureOf(18)]);
    const again = await opened.index.search('IMAGE', drawnVector(17), { k: 1 });
    expect(again.panels[0]?.panelId).toBe(panel(17));
  });
});

describe('vectors that were deleted and made again', () => {
  it('answer once for each panel, from an index that was built before', async () => {
    const opened = await openHnsw(true);
    await embeddings.deleteSpace(space.version);
    const again = Array.from({ length: count }, (_, number) => figureOf(number));
    await embeddings.add(
      again.flatMap(({ embeddings: made, recordHash }) => made.map((one) => ({ ...one, revision: recordHash }))),
    );
    const { panels } = await opened.index.search('IMAGE', drawnVector(40), { k: count });
    expect(new Set(panels.map(({ panelId }) => panelId)).size).toBe(panels.length);
    expect(panels).toHaveLength(count);
    expect(panels[0]?.panelId).toBe(panel(40));
    await opened.close();
  });
});
