import { FigseekError } from '../domain/errors.js';
import { filterForFacet, maxFacetValues, type FacetCount, type FacetField } from '../domain/facet.js';
import { validateFilter, type FigureFilter } from '../domain/figure-filter.js';
import type { FigureOrder, FigurePlace } from '../domain/figure-order.js';
import type { FigureId } from '../domain/ids.js';
import { validateFirst } from '../domain/page.js';
import type { Viewer } from '../domain/viewer.js';
import type { FigureFilters } from '../ports/figure-filters.js';

/** What is listed of a corpus, and which part of it. */
export interface FigureListRequest {
  /** Null: every figure, also those of retracted articles. */
  readonly filter: FigureFilter | null;
  readonly order: FigureOrder;
  /** The cursor of a figure: those behind it; null: from the beginning. */
  readonly after: string | null;
  readonly first: number;
}

export interface FigureListPage {
  readonly items: readonly { readonly id: FigureId; readonly cursor: string }[];
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
  /** Figures that the filter allows. */
  readonly total: number;
  /** How many figures carry each value, of those that the filter allows without its part for this field; counted when it is asked for. */
  readonly facets: (
    fields: readonly FacetField[],
  ) => Promise<readonly { readonly field: FacetField; readonly values: readonly FacetCount[] }[]>;
}

/** All figures that a filter allows, in an order, page by page. A cursor is a place: it holds over a restart. */
export class FigureList {
  constructor(
    private readonly filters: FigureFilters,
    private readonly maxFirst: number,
  ) {}

  /** @throws {FigseekError} BAD_USER_INPUT saying what was expected */
  async page(_viewer: Viewer, { filter, order, after, first }: FigureListRequest): Promise<FigureListPage> {
    const checked = filter === null ? null : validateFilter(filter);
    const part = { order, after: parseCursor(after, order), first: validateFirst(first, this.maxFirst) };
    const scope = await this.filters.resolve(checked, await this.filters.corpus());
    const { items, hasNextPage } = await this.filters.list(scope, part);
    return {
      items: items.map(({ id, place }) => ({ id, cursor: toCursor(place, order) })),
      hasNextPage,
      hasPreviousPage: after !== null,
      total: scope.count,
      facets: (fields) =>
        Promise.all(fields.map(async (field) => ({ field, values: await this.facet(checked, field) }))),
    };
  }

  private async facet(filter: FigureFilter | null, field: FacetField): Promise<readonly FacetCount[]> {
    const scope = await this.filters.resolve(filterForFacet(filter, field) ?? filter, await this.filters.corpus());
    return this.filters.facet(scope, field, maxFacetValues);
  }
}

const list = 'figures';
/** More than a place takes. */
const maxCursorLength = 2000;

function toCursor({ key, articleId, seq }: FigurePlace, order: FigureOrder): string {
  return Buffer.from(JSON.stringify([list, order, seq, articleId, key])).toString('base64url');
}

/** @throws {FigseekError} BAD_USER_INPUT for what is no cursor, and for one of another order */
function parseCursor(cursor: string | null, order: FigureOrder): FigurePlace | null {
  if (cursor === null) return null;
  const place = readPlace(cursor, order);
  if (place !== null) return place;
  throw new FigseekError(
    'BAD_USER_INPUT',
    `Expected \`after\` to be a cursor of figures in the order ${order} but received something else`,
  );
}

function readPlace(cursor: string, order: FigureOrder): FigurePlace | null {
  if (cursor.length > maxCursorLength) return null;
  let written: unknown;
  try {
    written = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    return null;
  }
  if (!Array.isArray(written)) return null;
  const [name, writtenOrder, seq, articleId, key] = written as readonly unknown[];
  const isOfList = name === list && writtenOrder === order && Number.isSafeInteger(seq);
  const isOfArticle = articleId === null || typeof articleId === 'string';
  const isKey = key === null || (order === 'YEAR' ? Number.isSafeInteger(key) : typeof key === 'string');
  if (!isOfList || !isOfArticle || !isKey) return null;
  return { seq: seq as number, articleId, key: key as FigurePlace['key'] };
}
