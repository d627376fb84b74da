import { beforeAll, describe, expect, it } from '@jest/globals';
import { drawnFigure } from '../../test/support/drawn-figures.js';
import { MemoryCorpus } from '../../test/support/memory-corpus.js';
import { localOperator } from '../domain/viewer.js';
import { FigureList } from './figure-list.js';

describe('the list of all figures', () => {
  const corpus = new MemoryCorpus();
  const list = new FigureList(corpus.filters, 10);

  // Of thirty figures every second one has a label.
  beforeAll(async () => {
    const numbers = Array.from({ length: 30 }, (_, i) => i + 1);
    await corpus.writer.replace(
      numbers.map((number) => {
        const drawn = drawnFigure(number);
        return { ...drawn, figure: { ...drawn.figure, labels: number % 2 === 0 ? ['gut'] : [] } };
      }),
    );
  });

  it('gives pages in the order of their making, with the number of all', async () => {
    const page = await list.page(localOperator, null, 4, 3);
    expect(page.items.map(({ seq }) => seq)).toEqual([5, 6, 7]);
    expect(page).toMatchObject({ total: 30, hasNextPage: true });
    expect(await list.page(localOperator, { labels: ['gut'] }, 28, 3)).toMatchObject({ total: 15, hasNextPage: false });
  });

  it('gives at most as many as the server allows', async () => {
    expect((await list.page(localOperator, null, 0, 1000)).items).toHaveLength(10);
  });

  it('refuses a filter that means nothing', async () => {
    await expect(list.page(localOperator, { yearFrom: 2000, yearTo: 1990 }, 0, 5)).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
    });
  });
});
