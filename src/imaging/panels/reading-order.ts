import type { Box } from '../../domain/figure.js';

/**
 * Regions in the order in which their letters follow each other: row by row where a line across parts them, else column by
 * column, and so on within each.
 * @param columnLength in a grid whose columns have this length, letters run down the columns; null: no such hint
 */
export function inReadingOrder(regions: readonly Box[], columnLength: number | null): readonly Box[] {
  const columns = groupsAlong(regions, false);
  const rows = groupsAlong(regions, true);
  const isByColumns =
    columnLength !== null &&
    columns.length > 1 &&
    rows.length !== columns.length &&
    columns.every((column) => column.length === columnLength);
  if (isByColumns) return columns.flatMap((column) => inReadingOrder(column, null));
  for (const groups of [rows, columns])
    if (groups.length > 1) return groups.flatMap((group) => inReadingOrder(group, null));
  return regions;
}

/** Regions that no straight line parts stand together. */
function groupsAlong(regions: readonly Box[], isAcross: boolean): readonly (readonly Box[])[] {
  const startOf = ({ x, y }: Box): number => (isAcross ? y : x);
  const endOf = ({ x, y, width, height }: Box): number => (isAcross ? y + height : x + width);
  const groups: Box[][] = [];
  let end = -Infinity;
  for (const region of [...regions].sort((a, b) => startOf(a) - startOf(b))) {
    if (startOf(region) >= end) groups.push([]);
    groups.at(-1)?.push(region);
    end = Math.max(end, endOf(region));
  }
  return groups;
}
