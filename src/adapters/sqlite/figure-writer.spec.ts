import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { articleIdOf, figureIdOf, imageHashOf, panelIdOf } from '../../domain/ids.js';
import { Database } from './database.js';
import { openKeywords, searchWords } from '../../../test/support/sqlite-vectors.js';
import { EmbeddingReader } from './embedding-reader.js';
import { SqliteArticleStore } from './article-store.js';
import { SqliteEmbeddingStore } from './embedding-store.js';
import type { GivenArticle } from '../../domain/article.js';
import type { FigureWrite } from '../../domain/figure-write.js';
import { SqliteFigureWriter } from './figure-writer.js';

const id = articleIdOf('pmcid:PMC1');

const silent: GivenArticle = {
  id,
  pmcid: 'PMC1',
  pmid: null,
  doi: null,
  title: 'Gills of the axolotl',
  authors: [],
  journal: null,
  year: null,
  license: null,
  licenseText: null,
  url: null,
  retracted: null,
};

const full: GivenArticle = {
  ...silent,
  doi: '10.1/x',
  authors: ['Ann Lee'],
  journal: 'Salamander Letters',
  year: 2020,
  license: 'CC BY',
  licenseText: null,
  retracted: true,
};

function bundle(name: string, article: GivenArticle): FigureWrite {
  const figureId = figureIdOf(name);
  const size = { width: 1, height: 1 };
  const figure = {
    id: figureId,
    source: 'test',
    sourceKey: name,
    articleId: article.id,
    label: null,
    caption: `caption of ${name}`,
    alt: null,
    credit: null,
    license: null,
    licenseText: null,
    labels: ['stained section'],
    mentions: [],
    modality: null,
    imageHash: imageHashOf(Buffer.from(name)),
    ...size,
    pixelSpacing: null,
    valueRange: null,
    panelOrigin: null,
    panelSuggestion: null,
    createdAt: new Date(0),
  };
  const panel = { id: panelIdOf(figureId, 0), figureId, label: null, caption: null, box: { x: 0, y: 0, ...size } };
  return { article, figure, recordHash: name, panels: [panel], embeddings: [] };
}

describe('the figure writer', () => {
  let database: Database;
  let writer: SqliteFigureWriter;

  beforeEach(async () => {
    database = await Database.open(mkdtempSync(path.join(tmpdir(), 'writer-')));
    writer = new SqliteFigureWriter(database);
  });

  afterEach(async () => {
    await database.close();
  });

  async function storedArticle() {
    return (await new SqliteArticleStore(database).articlesByIds([id])).get(id);
  }

  it('keeps what is known of an article when a later figure says less of it', async () => {
    await writer.replace([bundle('one', full)]);
    await writer.replace([bundle('two', silent)]);
    expect(await storedArticle()).toEqual(full);
  });

  it('takes over what a later figure says, also that an article is not retracted', async () => {
    await writer.replace([bundle('one', full), bundle('two', { ...silent, year: 2021, retracted: false })]);
    expect(await storedArticle()).toMatchObject({ year: 2021, doi: '10.1/x', retracted: false });
  });

  it('takes an article of which nobody says that it is retracted for one that is not', async () => {
    await writer.replace([bundle('one', silent)]);
    expect(await storedArticle()).toMatchObject({ retracted: false });
  });

  it('adds no late vector to a figure that was changed meanwhile', async () => {
    await writer.replace([bundle('one', silent)]);
    const panelId = panelIdOf(figureIdOf('one'), 0);
    const late = (space: string, revision: string) =>
      ({ panelId, space, kind: 'IMAGE', vector: Float32Array.of(1), revision }) as const;
    await new SqliteEmbeddingStore(database).add([late('a', 'one'), late('b', 'the record before')]);
    const embeddings = new EmbeddingReader(database);
    expect([await embeddings.count('a', 'IMAGE'), await embeddings.count('b', 'IMAGE')]).toEqual([1, 0]);
  });

  it('finds every figure of an article by its new title, and none by the old one', async () => {
    const keywords = openKeywords(database);
    const found = async (text: string) => (await searchWords(keywords, database, text)).length;
    await writer.replace([bundle('one', full)]);
    await writer.replace([bundle('two', { ...silent, title: 'Lungs of the newt' })]);
    expect({ axolotl: await found('axolotl'), newt: await found('newt') }).toEqual({ axolotl: 0, newt: 2 });
    expect(await found('salamander letters')).toBe(2);
    expect(await found('stained')).toBe(2);
  });
});
