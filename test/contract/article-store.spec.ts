import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ArticleReference, GivenArticle } from '../../src/domain/article.js';
import { articleIdOf, figureIdOf } from '../../src/domain/ids.js';
import { corpora, type OpenedCorpus } from '../support/corpora.js';
import { drawnArticle, drawnFigure, withArticle } from '../support/drawn-figures.js';

const unknown = {
  pmcid: null,
  pmid: null,
  doi: null,
  authors: [],
  journal: null,
  year: null,
  license: null,
  licenseText: null,
  url: null,
};
const nothing: ArticleReference = { id: null, pmcid: null, pmid: null, doi: null };

function articleOf(key: string, given: Partial<GivenArticle>): GivenArticle {
  return drawnArticle(key, { title: 'Gills', ...given });
}

describe.each(corpora)('articles in %s', (_where, open) => {
  let opened: OpenedCorpus;
  beforeEach(async () => {
    opened = await open();
  });
  afterEach(() => opened.close());

  async function add(number: number, article: GivenArticle): Promise<void> {
    await opened.stores.writer.replace([withArticle(drawnFigure(number), article)]);
  }

  it('are found by any of their ids, however it is written', async () => {
    await add(1, articleOf('a', { pmcid: 'PMC123', doi: '10.1000/a.1', pmid: '77' }));
    const { articles } = opened.stores;
    const id = articleIdOf('a');
    for (const reference of [{ id }, { pmcid: '123' }, { doi: 'https://doi.org/10.1000/A.1' }, { pmid: '77' }]) {
      expect(await articles.article({ ...nothing, ...reference })).toMatchObject({ id, title: 'Gills' });
    }
    expect(await articles.article({ ...nothing, doi: '10.1000/b' })).toBeNull();
    expect(await articles.article(nothing)).toBeNull();
  });

  it('keep what a later record does not say, and take over what it says', async () => {
    const full = {
      doi: '10.1/x',
      pmcid: 'PMC1',
      authors: ['Ann Lee'],
      journal: 'Letters',
      year: 2020,
      retracted: true,
    };
    await add(1, articleOf('a', full));
    await add(2, articleOf('a', { pmcid: 'PMC1', title: 'Gills, again' }));
    const id = articleIdOf('a');
    const read = async () => (await opened.stores.articles.articlesByIds([id])).get(id);
    expect(await read()).toEqual({ ...unknown, ...full, id, title: 'Gills, again' });
    await add(3, articleOf('a', { pmcid: 'PMC1', year: 2021, retracted: false }));
    expect(await read()).toMatchObject({ year: 2021, doi: '10.1/x', retracted: false });
  });

  it('become one where a record names two of them, which keeps both ids', async () => {
    await add(1, articleOf('by-pmcid', { pmcid: 'PMC5' }));
    await add(2, articleOf('by-doi', { doi: '10.1/five' }));
    await add(3, articleOf('by-pmcid', { pmcid: 'PMC5', doi: '10.1/five' }));
    const { articles, counts, figures } = opened.stores;
    expect((await counts.counts()).articles).toBe(1);
    const ids = [articleIdOf('by-pmcid'), articleIdOf('by-doi')];
    const found = await articles.articlesByIds(ids);
    expect([...found.keys()].sort()).toEqual([...ids].sort());
    const [kept] = new Set([...found.values()].map(({ id }) => id));
    const numbers = [1, 2, 3].map((number) => figureIdOf(`figure-${number}`));
    expect(await figures.articlesOfFigures(numbers)).toEqual(new Map(numbers.map((figureId) => [figureId, kept])));
  });

  it('stay two where one id is the same and another differs', async () => {
    await add(1, articleOf('a', { pmid: '7', doi: '10.1/a' }));
    await add(2, articleOf('b', { pmid: '7', doi: '10.1/b' }));
    expect((await opened.stores.counts.counts()).articles).toBe(2);
  });

  it('without any id are the same by title, journal and year', async () => {
    await add(1, articleOf('a', { journal: 'Letters', year: 2020 }));
    await add(2, articleOf('b', { title: 'GILLS', journal: 'letters', year: 2020 }));
    await add(3, articleOf('c', { journal: 'Letters', year: 2021 }));
    expect((await opened.stores.counts.counts()).articles).toBe(2);
  });

  it('list their figures in the order of their adding, part by part', async () => {
    for (const number of [3, 1, 2]) await add(number, articleOf('a', { doi: '10.1/a' }));
    const keys = async (limit: number, after: string | null) =>
      (await opened.stores.articles.figuresOfArticle(articleIdOf('a'), limit, after))?.map(
        ({ sourceKey }) => sourceKey,
      );
    expect(await keys(2, null)).toEqual(['figure-3', 'figure-1']);
    expect(await keys(2, figureIdOf('figure-1'))).toEqual(['figure-2']);
    expect(await keys(2, figureIdOf('figure-9'))).toBeUndefined();
  });
});
