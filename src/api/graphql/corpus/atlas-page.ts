import { maxListedPoints, usualListedPoints, type AtlasColumns } from '../../../atlas/atlas-points.js';
import type { AtlasRequest } from '../../../atlas/corpus-atlas.js';
import { FigseekError } from '../../../domain/errors.js';
import { parseListCursor } from '../figures/list-connection.js';
import type { AtlasPage } from './atlas.types.js';

const list = 'atlas';

/** @returns which of the points a page has. @throws {FigseekError} BAD_USER_INPUT */
export function atlasPage(
  columns: AtlasColumns,
  { first, after }: { readonly first?: number | null; readonly after?: string | null },
): AtlasPage {
  const length = first ?? usualListedPoints;
  if (length < 1 || length > maxListedPoints) {
    throw new FigseekError(
      'BAD_USER_INPUT',
      `Expected first to be from 1 to ${maxListedPoints} but received ${length}`,
    );
  }
  // Cursors count from 1, as 0 stands for none.
  const last = parseListCursor(list, after) - 1;
  const found = columns.rows.findIndex((row) => row > last);
  const from = found < 0 ? columns.rows.length : found;
  return { columns, from, to: Math.min(columns.rows.length, from + length) };
}

/** @param row of the point behind which the next page begins */
export function listCursor(row: number): string {
  return Buffer.from(`${list}:${row + 1}`).toString('base64url');
}

/** The address of the same points in binary form; ids of figures cannot be part of it. */
export function pointsUrl({ collectionId, filter }: Pick<AtlasRequest, 'collectionId' | 'filter'>): string {
  const query = new URLSearchParams();
  if (collectionId !== null) query.set('collectionId', collectionId);
  if (filter !== null) query.set('filter', JSON.stringify(filter));
  const text = query.toString();
  return text === '' ? '/atlas/points' : `/atlas/points?${text}`;
}
