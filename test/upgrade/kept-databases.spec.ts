import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { packageRoot } from '../../src/app/config.js';
import { encodePng } from '../../src/imaging/encode.js';
import { sampleCorpus } from '../../src/samples/corpus.js';
import { Database } from '../../src/adapters/sqlite/database.js';
import { SqliteArticleStore } from '../../src/adapters/sqlite/article-store.js';
import { SqliteCollectionStore } from '../../src/adapters/sqlite/collection-store.js';
import { SqliteFigureStore } from '../../src/adapters/sqlite/figure-store.js';
import { FilterReader } from '../../src/adapters/sqlite/filter-reader.js';
import { SqliteMaskStore } from '../../src/adapters/sqlite/mask-store.js';
import { run } from '../support/figseek-process.js';
import { copyKept, openKeptIndex } from '../support/kept-index.js';
import { openKeywords, searchWords } from '../support/sqlite-vectors.js';

const kept = path.join(packageRoot, 'test/upgrade/0.1.0');
const ids = ['058f250b2713f62177c9d628', 'c7890f0d7b1a6e4ea5f48efe', '210dbc0978c6423a8405091c']
  .concat('cc2c0d0d8cfa1c8070225843', '68eb9539ba981cda62c583d1', '76a18d06c6fd1f5b06302801')
  .map((hash) => `fig_${hash}`);
const formerArticles = ['38673f7fd0ff2591950a10a3', 'ec253f2787c9397f7051eadd'].map((hash) => `art_${hash}`);

describe('a database of version 0.1.0', () => {
  let data: string;
  let database: Database;
  let figures: SqliteFigureStore;
  let articles: SqliteArticleStore;

  beforeAll(async () => {
    data = copyKept(kept);
    database = await Database.open(data);
    figures = new SqliteFigureStore(database);
    articles = new SqliteArticleStore(database);
  });
  afterAll(() => database.close());

  it('keeps every figure under its id, with its source', async () => {
    const found = await figures.figuresByIds(ids);
    expect([...found.values()].map(({ sourceKey, source }) => `${source}/${sourceKey}`).sort()).toEqual(
      Array.from({ length: 6 }, (_, i) => `figures/kept-${i}`),
    );
    expect(found.get(ids[0] as never)?.caption).toBe('TNF-α in the lamina propria, H&E');
  });

  it('makes one article of the forms of its id, and knows it by each of its former ids', async () => {
    const byId = await articles.articlesByIds(formerArticles);
    expect(new Set([...byId.values()].map(({ id, doi }) => `${id} ${doi ?? ''}`))).toEqual(
      new Set([`${formerArticles[0] ?? ''} 10.1000/a.1`]),
    );
    expect(byId.size).toBe(2);
    const nothing = { id: null, pmcid: null, pmid: null, doi: null };
    for (const doi of ['10.1000/A.1', 'https://doi.org/10.1000/a.1', 'doi:10.1000/A.1', ' 10.1000/a.1 ']) {
      expect((await articles.article({ ...nothing, doi }))?.id).toBe(formerArticles[0]);
    }
    for (const pmcid of ['PMC123', 'pmc123', '123']) {
      const article = await articles.article({ ...nothing, pmcid });
      expect(await articles.figuresOfArticle(article?.id ?? '', 10, null)).toHaveLength(3);
    }
  });

  it('keeps collections with their notes, and masks', async () => {
    const collections = new SqliteCollectionStore(database);
    const [collection] = (await collections.page(0, 10)).items;
    expect(collection).toMatchObject({ name: 'Kept', size: 2 });
    const { items } = await collections.items(collection?.id ?? '', 0, 10);
    expect(items.map(({ figureId, note }) => [figureId, note])).toEqual([
      [ids[0], 'a note'],
      [ids[1], 'a note'],
    ]);
    expect(await new SqliteMaskStore(database).count()).toBe(1);
  });

  it('finds words as they are found now, and one label and journal by all their forms', async () => {
    const keywords = openKeywords(database);
    const found = async (text: string) =>
      (await searchWords(keywords, database, text, 5)).map(({ figureId }) => 1 + ids.indexOf(figureId));
    expect(await found('TNFA')).toEqual([1]);
    expect(await found('immunohistochemistry')).toEqual([2]);
    expect(await found('磨玻璃影')).toEqual([3]);
    expect(await found('10 um')).toEqual([4]);
    const filters = new FilterReader(database);
    const corpus = await filters.corpus();
    const count = async (filter: object) => (await filters.resolve(filter, corpus)).count;
    expect(await count({ labels: ['SJÖGREN'] })).toBe(3);
    expect(await count({ journals: ['Médecine'] })).toBe(5);
    const all = await filters.resolve(null, corpus);
    expect((await filters.facet(all, 'label', 10)).map(({ value, count: each }) => [value, each])).toContainEqual([
      'Sjögren',
      3,
    ]);
    expect(await filters.facet(all, 'journal', 10)).toHaveLength(1);
  });

  it('takes the index of that version where its vectors are equal', async () => {
    const index = await openKeptIndex(kept, database);
    expect(index).toEqual({ kept: index.kept, serving: index.kept, problems: [], isEqual: true });
  });
});

it('ingests the records of a database of version 0.1.0 again under the same ids', async () => {
  const data = copyKept(kept);
  const folder = path.dirname(data);
  mkdirSync(path.join(folder, 'images'));
  const lines: string[] = [];
  for (const { draw } of sampleCorpus({ count: 6 })) {
    const image = `images/${lines.length}.png`;
    writeFileSync(path.join(folder, image), await encodePng(draw()));
    lines.push(JSON.stringify({ id: `kept-${lines.length}`, image, caption: 'another caption' }));
  }
  const file = path.join(folder, 'figures.jsonl');
  writeFileSync(file, lines.join('\n'));
  const place = { data, indexes: path.join(folder, 'indexes') };
  const { stdout, code } = await run(place, ['ingest', file, '--source', 'figures', '--json']);
  expect({ ...(JSON.parse(stdout) as object), code }).toMatchObject({ added: 0, updated: 6, rejected: 0, code: 0 });
  const database = await Database.open(data);
  expect((await new SqliteFigureStore(database).figuresByIds(ids)).size).toBe(6);
  const [collection] = (await new SqliteCollectionStore(database).page(0, 10)).items;
  expect(collection?.size).toBe(2);
  await database.close();
});
