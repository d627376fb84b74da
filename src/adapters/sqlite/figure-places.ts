import type { FigureFilter } from '../../domain/figure-filter.js';
import { titleCharacters, type FigurePlace } from '../../domain/figure-order.js';
import type { Condition } from './filter-sql.js';

/** An order that goes by articles, and the index that holds it (migrations/1769000000000-figure-orders.ts). */
export interface ArticleOrder {
  readonly key: string;
  readonly index: string;
  readonly direction: 'ASC' | 'DESC';
  /** Stands between a key or an id and those that come before it. */
  readonly isBehind: '>' | '<';
}

// The ids of articles go in the direction of the key: a comparison of both at once uses the index.
export const articleOrders: Readonly<Record<'YEAR' | 'ARTICLE', ArticleOrder>> = {
  YEAR: { key: 'article.year', index: 'article_by_year', direction: 'DESC', isBehind: '<' },
  ARTICLE: {
    key: `substr(article.title_key, 1, ${titleCharacters})`,
    index: 'article_by_title',
    direction: 'ASC',
    isBehind: '>',
  },
};

/**
 * What comes behind a place, as statements in their order: figures whose article has a key, those whose article has none, and those
 * without an article.
 * @param bounds conditions of an article that hold for every listed figure, and that only one with a key can fulfill
 */
export function segmentsBehind(
  after: FigurePlace | null,
  order: ArticleOrder,
  bounds: readonly Condition[],
): readonly Condition[] {
  const keyed =
    after === null || after.key !== null
      ? [ofArticles(order, [keyedBehind(after, order), ...bounds], `${order.key} ${order.direction}, `)]
      : [];
  if (bounds.length > 0) return keyed;
  const keyless = after?.articleId === null ? [] : [ofArticles(order, [keylessBehind(after, order)], '')];
  return [...keyed, ...keyless, figuresAlone(after)];
}

/** @param byKey the first term of the order; empty where all keys are equal */
function ofArticles({ index, direction }: ArticleOrder, conditions: readonly Condition[], byKey: string): Condition {
  return {
    sql: `SELECT figure.seq FROM article INDEXED BY ${index}
      CROSS JOIN figure INDEXED BY figure_article ON figure.article_id = article.id
      WHERE ${conditions.map(({ sql }) => sql).join(' AND ')}
      ORDER BY ${byKey}article.id ${direction}, figure.seq`,
    values: conditions.flatMap(({ values }) => values),
  };
}

function keyedBehind(after: FigurePlace | null, { key, isBehind }: ArticleOrder): Condition {
  if (after?.key == null) return { sql: `${key} IS NOT NULL`, values: [] };
  const rest = restBehind(after, isBehind);
  // The first two follow from the third: they are what the planner takes for the index.
  return {
    sql: `${key} ${isBehind}= ? AND (${key}, article.id) ${isBehind}= (?, ?) AND (${key} ${isBehind} ? OR ${rest.sql})`,
    values: [after.key, after.key, after.articleId ?? '', after.key, ...rest.values],
  };
}

function keylessBehind(after: FigurePlace | null, { key, isBehind }: ArticleOrder): Condition {
  if (after === null || after.key !== null) return { sql: `${key} IS NULL`, values: [] };
  const rest = restBehind(after, isBehind);
  return {
    sql: `${key} IS NULL AND article.id ${isBehind}= ? AND ${rest.sql}`,
    values: [after.articleId ?? '', ...rest.values],
  };
}

function figuresAlone(after: FigurePlace | null): Condition {
  return {
    sql: `SELECT seq FROM figure WHERE article_id IS NULL AND seq > ? ORDER BY seq`,
    values: [after?.articleId === null ? after.seq : 0],
  };
}

/** Of what has the key of a place. */
function restBehind({ articleId, seq }: FigurePlace, isBehind: ArticleOrder['isBehind']): Condition {
  return {
    sql: `(article.id ${isBehind} ? OR (article.id = ? AND figure.seq > ?))`,
    values: [articleId ?? '', articleId ?? '', seq],
  };
}

/** The condition of any figure that it comes behind a place. */
export function placesBehind(after: FigurePlace | null, { key, isBehind }: ArticleOrder): Condition {
  if (after === null) return { sql: 'TRUE', values: [] };
  if (after.articleId === null) return { sql: 'article.id IS NULL AND figure.seq > ?', values: [after.seq] };
  const rest = restBehind(after, isBehind);
  return after.key === null
    ? { sql: `(article.id IS NULL OR (${key} IS NULL AND ${rest.sql}))`, values: rest.values }
    : {
        sql: `(${key} IS NULL OR ${key} ${isBehind} ? OR (${key} = ? AND ${rest.sql}))`,
        values: [after.key, after.key, ...rest.values],
      };
}

/** Years that a filter names: figures of others need not be looked at. */
export function yearBounds({ yearFrom, yearTo, years }: FigureFilter): readonly Condition[] {
  const bounds: Condition[] = [];
  if (yearFrom != null) bounds.push({ sql: 'article.year >= ?', values: [yearFrom] });
  if (yearTo != null) bounds.push({ sql: 'article.year <= ?', values: [yearTo] });
  if (years != null && years.length > 0) {
    bounds.push({ sql: 'article.year BETWEEN ? AND ?', values: [Math.min(...years), Math.max(...years)] });
  }
  return bounds;
}
