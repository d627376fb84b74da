import { describe, expect, it } from '@jest/globals';
import type { CorpusState } from '../domain/corpus-state.js';
import type { FigureFilter } from '../domain/figure-filter.js';
import type { FigureScope, FigureSet } from '../domain/figure-scope.js';
import { figureIdOf } from '../domain/ids.js';
import { toPage } from '../domain/page.js';
import { FigureFilters } from '../ports/figure-filters.js';
import { FigureList } from './figure-list.js';
import { localOperator } from '../domain/viewer.js';

/** Figures 1 to 30; a filter with labels allows every second one. */
class NumberedFigures extends FigureFilters {
  corpus(): Promise<CorpusState> {
    const versions = { version: '1', collectionsVersion: '0', masksVersion: '0' };
    const last = { lastFigure: 30, lastPanel: 30, lastEmbedding: 0, lastPanelRemoval: 0, lastWordChange: 0 };
    return Promise.resolve({ ...versions, ...last });
  }

  resolve(filter: FigureFilter | null): Promise<FigureScope> {
    return Promise.resolve({ key: 'scope', filter, lastFigure: null, count: filter === null ? 30 : 15 });
  }

  allowedFigures(): Promise<FigureSet> {
    throw new Error('A list needs no set');
  }

  page({ filter }: FigureScope, after: number, first: number) {
    const numbers = Array.from({ length: 30 }, (_, i) => i + 1).filter(
      (number) => number > after && (filter === null || number % 2 === 0),
    );
    const rows = numbers.slice(0, first + 1).map((seq) => ({ seq, id: figureIdOf(`figure-${seq}`) }));
    return Promise.resolve(toPage(rows, first));
  }

  facet(): Promise<never> {
    throw new Error('A list needs no facets');
  }

  facetOf(): Promise<never> {
    throw new Error('A list needs no facets');
  }
}

describe('the list of all figures', () => {
  const list = new FigureList(new NumberedFigures(), 10);

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
