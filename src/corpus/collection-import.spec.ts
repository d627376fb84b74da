import { beforeEach, describe, expect, it } from '@jest/globals';
import { drawnFigure } from '../../test/support/drawn-figures.js';
import { MemoryCorpus } from '../../test/support/memory-corpus.js';
import { articleIdOf, figureIdOf } from '../domain/ids.js';
import { localOperator } from '../domain/viewer.js';
import { CollectionImport } from './collection-import.js';

const idOf = (number: number) => figureIdOf(`figure-${number}`);
const article = {
  ...{
    id: articleIdOf('one'),
    pmcid: 'PMC77',
    pmid: '123',
    doi: '10.1234/abc',
    title: 'T',
    authors: [],
    journal: null,
  },
  ...{ year: null, license: null, licenseText: null, url: null, retracted: null },
};

describe('the import of a list into a collection', () => {
  let corpus: MemoryCorpus;
  let lists: CollectionImport;
  let id: string;

  beforeEach(async () => {
    corpus = new MemoryCorpus();
    lists = new CollectionImport(corpus.collections, corpus.figures, corpus.articles);
    for (const number of [1, 2, 3]) {
      const drawn = drawnFigure(number);
      const own = number === 3 ? null : article;
      await corpus.writer.replace([
        { ...drawn, article: own, figure: { ...drawn.figure, articleId: own?.id ?? null } },
      ]);
    }
    ({ id } = await corpus.collections.create('Smears', null));
  });

  const members = async () => (await corpus.collections.items(id, 0, 10)).items.map(({ figureId }) => figureId);

  it('takes ids of figures, passes over empty lines and remarks, and tells what is unknown', async () => {
    const text = `\ufeff# my list\r\n\r\n${idOf(3)}\r\nfig_none\n  ${idOf(1)} \n${idOf(1)}\nwhatever`;
    expect(await lists.run(localOperator, id, text)).toMatchObject({
      ...{ collection: { id, size: 2 }, added: 2, present: 0, unknown: ['fig_none', 'whatever'] },
    });
    expect(await members()).toEqual([idOf(3), idOf(1)]);
    expect(await lists.run(localOperator, id, `${idOf(3)}\n${idOf(2)}`)).toMatchObject({ added: 1, present: 1 });
  });

  it.each([
    '10.1234/ABC',
    'https://doi.org/10.1234/abc',
    'doi:10.1234/abc',
    'PMC77',
    'pmcid: PMC77',
    'https://pmc.ncbi.nlm.nih.gov/articles/PMC77/',
    'PMID: 123',
    articleIdOf('one'),
  ])('takes all figures of the article %s', async (line) => {
    expect(await lists.run(localOperator, id, line)).toMatchObject({ added: 2, unknown: [] });
    expect(await members()).toEqual([idOf(1), idOf(2)]);
  });

  it('tells articles that are not there, and adds nothing of them', async () => {
    expect(await lists.run(localOperator, id, '10.9999/none\nPMC1\n123')).toMatchObject({
      ...{ added: 0, unknown: ['10.9999/none', 'PMC1', '123'] },
    });
  });

  it('refuses too long a list, and an absent collection', async () => {
    const long = Array.from({ length: 1001 }, (_, number) => `line ${number}`).join('\n');
    await expect(lists.run(localOperator, id, long)).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      message: 'Expected at most 1000 lines but received 1001: give them in parts',
    });
    await expect(lists.run(localOperator, 'col_none', idOf(1))).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});
