import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { packageRoot } from '../../src/app/config.js';
import { SqliteArticleStore } from '../../src/adapters/sqlite/article-store.js';
import { SqliteCollectionStore } from '../../src/adapters/sqlite/collection-store.js';
import { Database } from '../../src/adapters/sqlite/database.js';
import { SqliteFigureStore } from '../../src/adapters/sqlite/figure-store.js';
import { SqliteIngestRunStore } from '../../src/adapters/sqlite/ingest-run-store.js';
import { SqliteMaskStore } from '../../src/adapters/sqlite/mask-store.js';
import { SqlitePictureStore } from '../../src/adapters/sqlite/picture-store.js';
import { copyKept, openKeptIndex } from '../support/kept-index.js';
import { openKeywords, searchWords } from '../support/sqlite-vectors.js';

/** What is in a database that tools/upgrade/keep-database.mjs made, as the version that made it said. */
interface Contents {
  readonly figures: readonly {
    readonly id: string;
    readonly label: string;
    readonly caption: string;
    /** Absent before there were corrections. */
    readonly panelOrigin?: string | null;
    readonly panels: readonly { readonly id: string; readonly label: string | null }[];
    readonly article: { readonly doi: string | null; readonly pmcid: string | null };
  }[];
  readonly collection: { readonly name: string; readonly note: string; readonly figureIds: readonly string[] };
  readonly masks: number;
  /** Absent where no picture was compared yet. */
  readonly pictures?: { readonly unsigned: number; readonly uncompared: number };
  readonly faults: number;
}

const upgrade = path.join(packageRoot, 'test/upgrade');
const versions = readdirSync(upgrade).filter((name) => existsSync(path.join(upgrade, name, 'contents.json')));

describe.each(versions)('a database of version %s, opened by this one', (version) => {
  const kept = path.join(upgrade, version);
  const contents = JSON.parse(readFileSync(path.join(kept, 'contents.json'), 'utf8')) as Contents;
  const ids = contents.figures.map(({ id }) => id);
  let database: Database;

  beforeAll(async () => {
    database = await Database.open(copyKept(kept));
  });
  afterAll(() => database.close());

  it('has every panel wait for being compared as a picture, where it was not', async () => {
    const panels = contents.figures.reduce((sum, figure) => sum + figure.panels.length, 0);
    const expected = contents.pictures ?? { unsigned: panels, uncompared: 0 };
    expect(await new SqlitePictureStore(database).pending()).toEqual(expected);
  });

  it('keeps who said which panels a figure has', async () => {
    const found = await new SqliteFigureStore(database).figuresByIds(ids);
    for (const { id, panelOrigin } of contents.figures)
      if (panelOrigin !== undefined) expect(found.get(id as never)?.panelOrigin).toBe(panelOrigin);
  });

  it('has every figure and panel under its id, with its caption and article', async () => {
    const figures = new SqliteFigureStore(database);
    const found = await figures.figuresByIds(ids);
    const articles = await new SqliteArticleStore(database).articlesByIds(
      [...found.values()].map(({ articleId }) => articleId ?? ''),
    );
    const panels = await figures.panelsOfFigures(ids);
    expect(
      [...found.values()].map(({ id, label, caption, articleId }) => {
        const { doi, pmcid } = articles.get(articleId as never) ?? { doi: null, pmcid: null };
        const own = panels
          .filter((panel) => panel.figureId === id)
          .map((panel) => ({ id: panel.id, label: panel.label }));
        return { id, label, caption, panels: own, article: { doi, pmcid } };
      }),
    ).toEqual(expect.arrayContaining(contents.figures.map(({ panelOrigin: _, ...figure }) => figure)));
    expect(found.size).toBe(contents.figures.length);
  });

  it('has its collection with the notes, its masks and its rejected records', async () => {
    const collections = new SqliteCollectionStore(database);
    const [collection] = (await collections.page(0, 10)).items;
    const { name, note, figureIds } = contents.collection;
    expect(collection?.name).toBe(name);
    const { items } = await collections.items(collection?.id ?? '', 0, 10);
    expect(items.map((item) => [item.figureId, item.note])).toEqual(figureIds.map((id) => [id, note]));
    expect(await new SqliteMaskStore(database).count()).toBe(contents.masks);
    const runs = new SqliteIngestRunStore(database);
    const [run] = (await runs.page(0, 10)).items;
    expect((await runs.faults(run?.id ?? '', 0, 10)).items).toHaveLength(contents.faults);
  });

  it('finds the words of a caption and of a panel', async () => {
    const keywords = openKeywords(database);
    const labelOf = new Map(contents.figures.map(({ id, label }) => [id, label]));
    const find = async (text: string) =>
      (await searchWords(keywords, database, text, 5)).map(({ figureId }) => labelOf.get(figureId));
    expect(await find('TNFA')).toEqual(['Fig 0']);
    expect(await find('磨玻璃影')).toEqual(['Fig 2']);
    expect(await find('karyotype')).toEqual(['Fig 4']);
  });

  it('takes the index of that version where its vectors are equal', async () => {
    const index = await openKeptIndex(kept, database);
    expect(index).toEqual({ kept: index.kept, serving: index.kept, problems: [], isEqual: true });
  });
});
