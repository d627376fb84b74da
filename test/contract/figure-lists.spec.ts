import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { FigureFilter } from '../../src/domain/figure-filter.js';
import { figureOrders, type FigureOrder, type FigurePlace } from '../../src/domain/figure-order.js';
import type { FigureWrite } from '../../src/domain/figure-write.js';
import { figureIdOf, type FigureId } from '../../src/domain/ids.js';
import { corpora, type OpenedCorpus } from '../support/corpora.js';
import { drawnArticle, drawnFigure, withArticle } from '../support/drawn-figures.js';

const id = (number: number) => figureIdOf(`figure-${number}`);

/** What a test says of a figure. */
interface Told {
  readonly year?: number;
  /** Null: the figure has no article. */
  readonly title: string | null;
}

function figureOf(number: number, { year, title }: Told): FigureWrite {
  const drawn = { ...drawnFigure(number), embeddings: [] };
  if (title === null) return { ...drawn, article: null, figure: { ...drawn.figure, articleId: null } };
  return withArticle(drawn, drawnArticle(title, { title, year: year ?? null, doi: `10.1/${title}` }));
}

type Page = Awaited<ReturnType<OpenedCorpus['stores']['filters']['list']>>;

/** The next part of a list, as the corpus is now. */
async function listed(
  { stores: { filters } }: OpenedCorpus,
  filter: FigureFilter | null,
  part: { readonly order: FigureOrder; readonly after?: FigurePlace | undefined; readonly first: number },
): Promise<Page> {
  const scope = await filters.resolve(filter, await filters.corpus());
  return filters.list(scope, { ...part, after: part.after ?? null });
}

async function allPages(opened: OpenedCorpus, filter: FigureFilter | null, order: FigureOrder, first: number) {
  const ids: FigureId[] = [];
  for (let after: FigurePlace | undefined; ;) {
    const page: Page = await listed(opened, filter, { order, after, first });
    ids.push(...page.items.map((item) => item.id));
    if (!page.hasNextPage) return ids;
    expect(page.items).toHaveLength(first);
    after = page.items.at(-1)?.place;
  }
}

describe.each(corpora)('lists of figures in %s', (_where, open) => {
  let opened: OpenedCorpus;
  beforeEach(async () => {
    opened = await open();
    await opened.stores.writer.replace([
      figureOf(1, { title: 'Mice', year: 2001 }),
      figureOf(2, { title: null }),
      figureOf(3, { title: 'apes', year: 2020 }),
      figureOf(4, { title: 'Bats' }),
      figureOf(5, { title: 'Mice', year: 2001 }),
      figureOf(6, { title: null }),
      figureOf(7, { title: 'Élan', year: 1999 }),
    ]);
  });
  afterEach(() => opened.close());

  it.each<[FigureOrder, readonly number[]]>([
    ['ADDED', [1, 2, 3, 4, 5, 6, 7]],
    ['NEWEST', [7, 6, 5, 4, 3, 2, 1]],
    ['YEAR', [3, 1, 5, 7, 4, 2, 6]],
    ['ARTICLE', [3, 4, 1, 5, 7, 2, 6]],
  ])('are in the order %s, in pages of any length', async (order, expected) => {
    for (const first of [1, 2, 3, 7, 20]) expect(await allPages(opened, null, order, first)).toEqual(expected.map(id));
    for (const filter of [{ excludeRetracted: false }, { not: { years: [2020] } }]) {
      const others = expected.filter((number) => number !== 3 || 'excludeRetracted' in filter);
      expect(await allPages(opened, filter, order, 2)).toEqual(others.map(id));
    }
  });

  it('keep the place of a figure that is updated', async () => {
    await opened.stores.writer.replace([figureOf(2, { title: null })]);
    expect((await listed(opened, null, { order: 'NEWEST', first: 1 })).items[0]?.id).toBe(id(7));
  });

  it.each(figureOrders)('in the order %s go on where they were left while figures come and go', async (order) => {
    const { writer } = opened.stores;
    const before = await allPages(opened, null, order, 10);
    const first = await listed(opened, null, { order, first: 3 });
    const last = first.items.at(-1);
    // The figure at the place itself goes, one before it and one behind it; and others come.
    const gone = [before[0], before[2], before[4]].flatMap((one) => one ?? []);
    await writer.delete(gone);
    await writer.replace([
      figureOf(11, { title: 'Mice', year: 2001 }),
      figureOf(12, { title: 'Ants', year: 2024 }),
      figureOf(13, { title: 'Zebras', year: 1950 }),
      figureOf(14, { title: null }),
    ]);
    const rest = await listed(opened, null, { order, after: last?.place, first: 20 });
    const shown = [...first.items, ...rest.items].map((item) => item.id);
    expect(new Set(shown).size).toBe(shown.length);
    const stayed = before.filter((one) => !gone.includes(one));
    expect(shown.filter((one) => stayed.includes(one))).toEqual(stayed);
  });

  it('are empty where nothing is allowed', async () => {
    for (const order of figureOrders) {
      expect(await listed(opened, { years: [1800] }, { order, first: 5 })).toEqual({ items: [], hasNextPage: false });
    }
  });
});
