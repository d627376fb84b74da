import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { drawnArticle, drawnFigure, withArticle } from '../../../test/support/drawn-figures.js';
import type { FigureFilter } from '../../domain/figure-filter.js';
import { figureOrders, type FigureOrder, type FigurePlace } from '../../domain/figure-order.js';
import { figureIdOf, type FigureId } from '../../domain/ids.js';
import type { FigurePage } from '../../ports/figure-filters.js';
import { Database } from './database.js';
import { SqliteFigureWriter } from './figure-writer.js';
import { FilterReader } from './filter-reader.js';

describe('long lists of figures', () => {
  const count = 1400;
  const numbers = Array.from({ length: count }, (_, number) => number);
  /** More than are sorted at once, and together at one end of each order. */
  const isLabeled = (number: number): boolean => number < 600;
  const yearOf = (number: number): number | null => {
    if (isLabeled(number)) return 1950 + ((number % 200) % 7);
    return number % 15 === 0 ? null : 2000 + ((number % 200) % 7);
  };
  let database: Database;
  let filters: FilterReader;

  beforeAll(async () => {
    database = await Database.open(mkdtempSync(path.join(tmpdir(), 'lists-')));
    filters = new FilterReader(database);
    const figures = numbers.map((number) => {
      const drawn = { ...drawnFigure(number), embeddings: [] };
      const figure = { ...drawn.figure, labels: isLabeled(number) ? ['gut'] : [] };
      if (!isLabeled(number) && number % 10 === 0) {
        return { ...drawn, article: null, figure: { ...figure, articleId: null } };
      }
      const year = yearOf(number);
      const title = `${isLabeled(number) ? 'z' : 'a'} ${number % 200} ${year ?? 'undated'}`;
      return withArticle({ ...drawn, figure }, drawnArticle(title, { title, year }));
    });
    await new SqliteFigureWriter(database).replace(figures);
  }, 120_000);
  afterAll(() => database.close());

  async function allPages(
    filter: FigureFilter | null,
    order: FigureOrder,
    first: number,
  ): Promise<readonly FigureId[]> {
    const scope = await filters.resolve(filter, await filters.corpus());
    const ids: FigureId[] = [];
    for (let after: FigurePlace | null = null; ;) {
      const page: FigurePage = await filters.list(scope, { order, after, first });
      ids.push(...page.items.map(({ id }) => id));
      if (!page.hasNextPage) return ids;
      expect(page.items).toHaveLength(first);
      after = page.items.at(-1)?.place ?? null;
    }
  }

  const idsOf = (isOne: (number: number) => boolean): ReadonlySet<FigureId> =>
    new Set(numbers.filter(isOne).map((number) => figureIdOf(`figure-${number}`)));

  it.each(figureOrders)('hold what a filter allows, and nothing else, in the order %s', async (order) => {
    const all = await allPages(null, order, 200);
    expect(new Set(all)).toEqual(idsOf(() => true));
    const hasYear = (number: number, from: number, to: number): boolean => {
      const isAlone = !isLabeled(number) && number % 10 === 0;
      const year = isAlone ? null : yearOf(number);
      return year !== null && year >= from && year <= to;
    };
    const cases: readonly [FigureFilter, (number: number) => boolean][] = [
      [{ labels: ['gut'] }, isLabeled],
      [{ not: { labels: ['gut'] } }, (number) => !isLabeled(number)],
      [{ yearFrom: 1952, yearTo: 2002 }, (number) => hasYear(number, 1952, 2002)],
      [{ years: [1951, 2003] }, (number) => hasYear(number, 1951, 1951) || hasYear(number, 2003, 2003)],
      [{ labels: ['gut'], yearTo: 1950 }, (number) => hasYear(number, 0, 1950)],
    ];
    for (const [filter, isAllowed] of cases) {
      const allowed = idsOf(isAllowed);
      for (const first of [40, 333]) {
        expect(await allPages(filter, order, first)).toEqual(all.filter((id) => allowed.has(id)));
      }
    }
  });

  it('are read from indexes: no statement sorts figures, and none reads all of their rows', async () => {
    const plans: string[] = [];
    const query = database.reader.query.bind(database.reader);
    const explained = async (sql: string, values?: unknown[]): Promise<unknown> => {
      const steps = await query<{ detail: string }[]>(`EXPLAIN QUERY PLAN ${sql}`, values);
      plans.push(...steps.map(({ detail }) => detail));
      return query(sql, values);
    };
    Object.assign(database.reader, { query: explained });
    for (const order of figureOrders) {
      await allPages(null, order, 700);
      await allPages({ labels: ['gut'] }, order, 300);
    }
    Object.assign(database.reader, { query });
    expect(plans.length).toBeGreaterThan(20);
    expect(plans.filter((step) => /^USE TEMP B-TREE FOR ORDER BY/.test(step))).toEqual([]);
    expect(
      plans.filter((step) => /^SCAN (?:figure|article)(?! USING COVERING INDEX| USING INTEGER)/.test(step)),
    ).toEqual([]);
  });
});
