import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { FacetField } from '../../src/domain/facet.js';
import { figureIdOf } from '../../src/domain/ids.js';
import { corpora, type OpenedCorpus } from '../support/corpora.js';
import { drawnArticle, drawnFigure, withArticle } from '../support/drawn-figures.js';

const id = (number: number) => figureIdOf(`figure-${number}`);

describe.each(corpora)('facets of figures in %s', (_where, open) => {
  let opened: OpenedCorpus;
  beforeEach(async () => {
    opened = await open();
  });
  afterEach(() => opened.close());

  it('count values as most figures write them, most frequent first', async () => {
    const { writer, filters: reader } = opened.stores;
    const lists = [['Lung', 'gut'], ['lung', 'LUNG'], ['lung '], ['Gut'], ['heart', '']];
    await writer.replace(
      lists.map((values, number) => {
        const drawn = drawnFigure(number);
        return { ...drawn, figure: { ...drawn.figure, labels: values, modality: number < 2 ? 'MRI' : null } };
      }),
    );
    const every = await reader.resolve(null, await reader.corpus());
    const found = [
      { value: 'lung', key: 'lung', count: 3 },
      { value: 'Gut', key: 'gut', count: 2 },
      { value: 'heart', key: 'heart', count: 1 },
    ];
    expect(await reader.facet(every, 'label', 10)).toEqual(found);
    expect(await reader.facet(every, 'label', 2)).toEqual(found.slice(0, 2));
    expect(await reader.facet(every, 'label', 5, ['gut', 'liver'])).toEqual(found.slice(1, 2));
    expect(await reader.facet(every, 'modality', 10)).toEqual([{ value: 'MRI', key: 'mri', count: 2 }]);
    const allowed = await reader.resolve({ modalities: ['mri'] }, await reader.corpus());
    expect((await reader.facet(allowed, 'label', 10)).map(({ key, count: figures }) => [key, figures])).toEqual([
      ['lung', 2],
      ['gut', 1],
    ]);
  });

  it('count only the values that are asked for', async () => {
    const { writer, filters: reader } = opened.stores;
    const figures = Array.from({ length: 12 }, (_, number) => {
      const article = drawnArticle(`a${number % 4}`, { journal: `J${number % 4}`, year: 2000 + (number % 4) });
      const drawn = withArticle(drawnFigure(number), { ...article, license: 'CC0', doi: `10.1/${number % 4}` });
      const modality = number < 6 ? 'CT' : 'MRI';
      return { ...drawn, figure: { ...drawn.figure, modality, labels: [`l${number % 3}`, 'all'] } };
    });
    await writer.replace(figures);
    for (const [filter, share] of [
      [null, 1],
      [{ modalities: ['ct'] }, 2],
    ] as const) {
      const scope = await reader.resolve(filter, await reader.corpus());
      const counts = async (field: FacetField, keys: readonly string[]) =>
        (await reader.facet(scope, field, 9, keys)).map(({ key, count: each }) => [key, each]);
      expect(await counts('label', ['l1', 'none'])).toEqual([['l1', 4 / share]]);
      expect(await counts('license', ['cc0', 'mit'])).toEqual([['cc0', 12 / share]]);
      expect(await counts('modality', ['ct'])).toEqual([['ct', 6]]);
      expect(await counts('hasAnyMask', ['true'])).toEqual([]);
      expect(await counts('hasAnyMask', ['true', 'false'])).toEqual([['false', 12 / share]]);
      const [first, second] = filter === null ? [3, 3] : [2, 1];
      expect(await counts('journal', ['j1', 'j3'])).toEqual([
        ['j1', first],
        ['j3', second],
      ]);
      expect(await counts('year', ['2001', '2003', '1999'])).toEqual([
        ['2001', first],
        ['2003', second],
      ]);
    }
  });

  it('count the values of given figures, each figure once', async () => {
    const { writer, filters: reader } = opened.stores;
    const article = { journal: 'eLife', year: 2020, license: 'CC BY 4.0', doi: '10.1/a' };
    const one = withArticle(drawnFigure(1), drawnArticle('a', article));
    const own = { ...one, figure: { ...one.figure, license: 'CC0' } };
    const other = withArticle(drawnFigure(2), drawnArticle('a', article));
    await writer.replace([own, other, drawnFigure(3)]);
    const given = [id(1), id(2), id(1), id(3), 'fig_none'];
    expect(await reader.facetOf(given, 'license')).toEqual([
      { value: 'CC BY 4.0', key: 'cc by 4.0', count: 1 },
      { value: 'CC0', key: 'cc0', count: 1 },
    ]);
    expect(await reader.facetOf(given, 'journal')).toEqual([{ value: 'eLife', key: 'elife', count: 2 }]);
    expect(await reader.facetOf(given.slice(0, 1), 'year')).toEqual([{ value: '2020', key: '2020', count: 1 }]);
    expect(await reader.facetOf([], 'year')).toEqual([]);
  });
});
