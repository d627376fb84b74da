import type { FigureFilter } from '../../domain/figure-filter.js';
import type { FigurePlace, ListedPart } from '../../domain/figure-order.js';
import type { FigureSet } from '../../domain/figure-scope.js';
import type { FigureId } from '../../domain/ids.js';
import type { FigurePage } from '../../ports/figure-filters.js';
import type { Database } from './database.js';
import { articleOrders, placesBehind, segmentsBehind, yearBounds, type ArticleOrder } from './figure-places.js';
import type { Condition } from './filter-sql.js';
import { toNumbers } from './number-list.js';

/** Of so few allowed figures all are sorted, about 10 µs each; of more, the order is walked until a page is full. */
const fewFigures = 500;
/** Figures that a walk looks at in one statement, about 1 µs each. */
const [shortestStep, longestStep] = [256, 16_384];

/** What is listed: the figures of a set, or all of them. */
interface Listed {
  /** Null: every figure. */
  readonly set: FigureSet | null;
  readonly count: number;
  readonly filter: FigureFilter | null;
}

interface PlacedRow {
  readonly seq: number;
  readonly id: FigureId;
  readonly key: string | number | null;
  readonly articleId: string | null;
}

/**
 * Figures in an order, page by page, without a sort of all: numbers of figures are read from indexes in the order, the set tells
 * which of them are allowed, and only those of the page are looked up.
 */
export class OrderedFigures {
  constructor(private readonly database: Database) {}

  async page(listed: Listed, { order, after, first }: ListedPart): Promise<FigurePage> {
    const rows = await this.rows(listed, { order, after, first: first + 1 });
    const items = rows.slice(0, first).map(({ id, ...place }) => ({ id, place }));
    return { items, hasNextPage: rows.length > first };
  }

  private async rows(listed: Listed, { order, after, first }: ListedPart): Promise<readonly PlacedRow[]> {
    const { set, count, filter } = listed;
    if (order === 'ADDED' || order === 'NEWEST') {
      const numbers = set === null ? await this.numbers(order, after, first) : numbersOf(set, order, after, first);
      return this.placed(numbers, null);
    }
    const articles = articleOrders[order];
    if (set !== null && count <= fewFigures) return this.sorted(set.above(0, fewFigures), articles, after, first);
    const bounds = order === 'YEAR' && filter !== null ? yearBounds(filter) : [];
    return this.walk(listed, { articles, bounds }, after, first);
  }

  /** The numbers of figures where every figure is listed. */
  private async numbers(
    order: 'ADDED' | 'NEWEST',
    after: FigurePlace | null,
    count: number,
  ): Promise<readonly number[]> {
    const [behind, from] =
      order === 'ADDED' ? ['seq > ? ORDER BY seq', 0] : ['seq < ? ORDER BY seq DESC', Number.MAX_SAFE_INTEGER];
    const rows = await this.query<{ seq: number }>(`SELECT seq FROM figure WHERE ${behind} LIMIT ?`, [
      after?.seq ?? from,
      count,
    ]);
    return rows.map(({ seq }) => seq);
  }

  /** Goes through figures in their order until enough of them are of the set. */
  private async walk(
    { set, count }: Listed,
    way: { readonly articles: ArticleOrder; readonly bounds: readonly Condition[] },
    after: FigurePlace | null,
    first: number,
  ): Promise<readonly PlacedRow[]> {
    const found: PlacedRow[] = [];
    let from = after;
    for (let step = firstStep(set, count, first); ; step = Math.min(2 * step, longestStep)) {
      const numbers = await this.step(segmentsBehind(from, way.articles, way.bounds), step);
      const allowed = set === null ? numbers : numbers.filter((number) => set.has(number));
      found.push(...(await this.placed(allowed.slice(0, first - found.length), way.articles)));
      if (found.length >= first || numbers.length < step) return found;
      const [last] = await this.placed(numbers.slice(-1), way.articles);
      // It was deleted this moment: what is found is a page all the same.
      if (last === undefined) return found;
      from = { key: last.key, articleId: last.articleId, seq: last.seq };
    }
  }

  private async step(segments: readonly Condition[], count: number): Promise<readonly number[]> {
    const numbers: number[] = [];
    for (const { sql, values } of segments) {
      if (numbers.length >= count) break;
      // One text for all numbers: thousands of rows would cost ten times as much.
      const [row] = await this.query<{ numbers: string | null }>(
        `SELECT group_concat(seq) AS numbers FROM (${sql} LIMIT ?)`,
        [...values, count - numbers.length],
      );
      numbers.push(...toNumbers(row?.numbers ?? null));
    }
    return numbers;
  }

  private sorted(
    numbers: readonly number[],
    order: ArticleOrder,
    after: FigurePlace | null,
    first: number,
  ): Promise<readonly PlacedRow[]> {
    const { key, direction } = order;
    const { sql, values } = placesBehind(after, order);
    return this.query<PlacedRow>(
      `SELECT figure.seq, figure.id, ${key} AS key, article.id AS articleId
       FROM json_each(?) AS wanted CROSS JOIN figure ON figure.seq = wanted.value
         LEFT JOIN article ON article.id = figure.article_id
       WHERE ${sql}
       ORDER BY ${key} ${direction} NULLS LAST, article.id ${direction} NULLS LAST, figure.seq LIMIT ?`,
      [JSON.stringify(numbers), ...values, first],
    );
  }

  /** Figures by their numbers, in the order of these; one that is gone is left out. */
  private async placed(numbers: readonly number[], order: ArticleOrder | null): Promise<readonly PlacedRow[]> {
    if (numbers.length === 0) return [];
    const place = order === null ? 'NULL AS key, NULL AS articleId' : `${order.key} AS key, article.id AS articleId`;
    const joined = order === null ? '' : 'LEFT JOIN article ON article.id = figure.article_id';
    const rows = await this.query<PlacedRow>(
      `SELECT figure.seq, figure.id, ${place} FROM json_each(?) AS wanted
         CROSS JOIN figure ON figure.seq = wanted.value ${joined}`,
      [JSON.stringify(numbers)],
    );
    const bySeq = new Map(rows.map((row) => [row.seq, row]));
    return numbers.flatMap((number) => bySeq.get(number) ?? []);
  }

  private query<Row>(sql: string, values: readonly (string | number)[]): Promise<Row[]> {
    return this.database.reader.query<Row[]>(sql, [...values]);
  }
}

/** As many as hold a page where the allowed figures are spread evenly over all, and some more. */
function firstStep(set: FigureSet | null, count: number, first: number): number {
  if (set === null) return first;
  const expected = Math.ceil((1.25 * first * set.bound) / count);
  return Math.max(first, Math.min(Math.max(expected, shortestStep), longestStep));
}

function numbersOf(
  set: FigureSet,
  order: 'ADDED' | 'NEWEST',
  after: FigurePlace | null,
  count: number,
): readonly number[] {
  return order === 'ADDED' ? set.above(after?.seq ?? 0, count) : set.below(after?.seq ?? Infinity, count);
}
