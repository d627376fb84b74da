import { beforeAll, describe, expect, it } from '@jest/globals';
import { drawnFigure } from '../../test/support/drawn-figures.js';
import { MemoryCorpus } from '../../test/support/memory-corpus.js';
import type { FigureOrder } from '../domain/figure-order.js';
import { figureIdOf } from '../domain/ids.js';
import { localOperator } from '../domain/viewer.js';
import { FigureList } from './figure-list.js';

describe('the list of all figures', () => {
  const corpus = new MemoryCorpus();
  const list = new FigureList(corpus.filters, 10);
  const all = { filter: null, order: 'ADDED' as FigureOrder, after: null, first: 3 };
  const id = (number: number) => figureIdOf(`figure-${number}`);

  // Of thirty figures every second one has a label.
  beforeAll(async () => {
    const numbers = Array.from({ length: 30 }, (_, i) => i + 1);
    await corpus.writer.replace(
      numbers.map((number) => {
        const drawn = drawnFigure(number);
        const modality = number % 3 === 0 ? 'CT' : 'MRI';
        return { ...drawn, figure: { ...drawn.figure, modality, labels: number % 2 === 0 ? ['gut'] : [] } };
      }),
    );
  });

  it.each<[FigureOrder, readonly number[], readonly number[]]>([
    ['ADDED', [1, 2, 3], [4, 5, 6]],
    ['NEWEST', [30, 29, 28], [27, 26, 25]],
    ['YEAR', [1, 2, 3], [4, 5, 6]],
    ['ARTICLE', [1, 2, 3], [4, 5, 6]],
  ])('gives pages in the order %s, with the number of all', async (order, expected, next) => {
    const page = await list.page(localOperator, { ...all, order });
    expect(page.items.map((item) => item.id)).toEqual(expected.map(id));
    expect(page).toMatchObject({ total: 30, hasNextPage: true, hasPreviousPage: false });
    const after = page.items.at(-1)?.cursor ?? '';
    const second = await list.page(localOperator, { ...all, order, after });
    expect(second.items.map((item) => item.id)).toEqual(next.map(id));
    expect(second.hasPreviousPage).toBe(true);
  });

  it('ends with the last figure that the filter allows', async () => {
    const filter = { labels: ['gut'] };
    const { items } = await list.page(localOperator, { ...all, filter, order: 'NEWEST', first: 10 });
    const after = items.at(-1)?.cursor ?? '';
    const last = await list.page(localOperator, { ...all, filter, order: 'NEWEST', first: 10, after });
    expect(last.items.map((item) => item.id)).toEqual([10, 8, 6, 4, 2].map(id));
    expect(last).toMatchObject({ total: 15, hasNextPage: false });
  });

  it('counts the values of a field without its own part of the filter', async () => {
    const filter = { labels: ['gut'], modalities: ['CT'] };
    const { facets } = await list.page(localOperator, { ...all, filter });
    const counted = await facets(['modality', 'label', 'hasAnyMask']);
    const counts = counted.map(({ values }) => values.map(({ value, count }) => [value, count]));
    expect(counts).toEqual([
      [
        ['MRI', 10],
        ['CT', 5],
      ],
      [['gut', 5]],
      [['false', 5]],
    ]);
  });

  it('gives at most as many as the server allows', async () => {
    expect((await list.page(localOperator, { ...all, first: 1000 })).items).toHaveLength(10);
  });

  const written = (...parts: readonly unknown[]) => Buffer.from(JSON.stringify(parts)).toString('base64url');

  it.each<[string, object]>([
    ['a filter that means nothing', { filter: { yearFrom: 2000, yearTo: 1990 } }],
    ['no number of figures', { first: 0 }],
    ['what is no cursor', { after: 'nonsense' }],
    ['a cursor of another order', { order: 'NEWEST', after: written('figures', 'ADDED', 3, null, null) }],
    ['a cursor without a number', { after: written('figures', 'ADDED', '3', null, null) }],
    ['a cursor with the key of another order', { order: 'YEAR', after: written('figures', 'YEAR', 3, 'art_1', 'a') }],
    ['a cursor of a megabyte', { order: 'ARTICLE', after: written('figures', 'ARTICLE', 3, 'a'.repeat(2 ** 20), 'a') }],
    ['a cursor with a list for a key', { order: 'ARTICLE', after: written('figures', 'ARTICLE', 3, 'art_1', ['a']) }],
  ])('refuses %s', async (_what, change) => {
    await expect(list.page(localOperator, { ...all, ...change })).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
  });
});
