import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { articleIdOf } from '../../src/domain/ids.js';
import { corpora, type OpenedCorpus } from '../support/corpora.js';
import { drawnFigure } from '../support/drawn-figures.js';

describe.each(corpora)('counts of a corpus in %s', (_where, open) => {
  let opened: OpenedCorpus;
  beforeEach(async () => {
    opened = await open();
  });
  afterEach(() => opened.close());

  it('are zero where there is nothing', async () => {
    const { counts } = opened.stores;
    expect(await counts.counts()).toEqual({ articles: 0, figures: 0, panels: 0 });
    expect(await counts.countBy('modality')).toEqual([]);
  });

  it('tell how many figures carry each value, most frequent first', async () => {
    const { writer, counts } = opened.stores;
    const modalities = ['CT', 'MRI', 'CT', null, ''];
    const years = [2020, 2021, 2021, null, 2021];
    for (const [number, modality] of modalities.entries()) {
      const drawn = drawnFigure(number);
      const given = { pmcid: null, pmid: null, doi: `10.1/${number}`, title: `Title ${number}`, authors: [] };
      const rest = {
        journal: null,
        year: years[number] ?? null,
        license: null,
        licenseText: null,
        url: null,
        retracted: null,
      };
      const article = { id: articleIdOf(String(number)), ...given, ...rest };
      await writer.replace([{ ...drawn, article, figure: { ...drawn.figure, modality, articleId: article.id } }]);
    }
    expect(await counts.counts()).toEqual({ articles: 5, figures: 5, panels: 5 });
    expect(await counts.countBy('modality')).toEqual([
      { value: 'CT', count: 2 },
      { value: 'MRI', count: 1 },
    ]);
    expect(await counts.countBy('year')).toEqual([
      { value: '2021', count: 3 },
      { value: '2020', count: 1 },
    ]);
    expect(await counts.countBy('license')).toEqual([]);
  });
});
