import { justify, type JustifiedRow } from './justify';

const gap = 8;
/** Below this width of the grid in pixels, as on a phone, pictures are smaller. */
const narrow = 600;

interface PlaceInRow {
  /** Which figure. */
  readonly index: number;
  /** In pixels. */
  readonly width: number;
  /** Its middle, in pixels from the left. */
  readonly middle: number;
}

/** A row of pictures, or the line between figures that match and those that do not (without places). */
export interface GridRow {
  readonly key: string;
  readonly kind: 'figures' | 'line';
  /** Of the pictures, in pixels. */
  readonly height: number;
  readonly places: readonly PlaceInRow[];
  /** Whether it stays as it is when more figures come. */
  readonly isFull: boolean;
}

interface Shaped {
  readonly figure: { readonly id: string; readonly width: number; readonly height: number };
}

/** The rows of a grid, and what they were made of. */
export interface GridRows {
  readonly rows: readonly GridRow[];
  readonly hits: readonly Shaped[];
  /** Of the grid in pixels. */
  readonly width: number;
}

export const noRows: GridRows = { rows: [], hits: [], width: 0 };

const line: GridRow = { key: 'line', kind: 'line', height: 0, places: [], isFull: true };

/**
 * The rows of a grid. Those before that are full and hold the same figures are taken over: when a page comes, only what follows
 * them is computed.
 * @param before the latest rows of the grid
 * @param matching behind how many figures a line stands; null for none
 * @param width of the grid in pixels; 0 while it is not known
 */
export function extendRows(
  before: GridRows,
  hits: readonly Shaped[],
  matching: number | null,
  width: number,
): GridRows {
  if (width === 0) return noRows;
  const same = width === before.width ? countSame(before.hits, hits) : 0;
  const rowsOf = (from: number, to: number): readonly GridRow[] => {
    const kept = rowsWithin(before.rows, from, Math.min(to, same));
    const next = (kept.at(-1)?.places.at(-1)?.index ?? from - 1) + 1;
    return [...kept, ...newRows(hits, next, to, width)];
  };
  const hasLine = matching !== null && matching > 0 && matching < hits.length;
  const rows = hasLine ? [...rowsOf(0, matching), line, ...rowsOf(matching, hits.length)] : rowsOf(0, hits.length);
  return { rows, hits, width };
}

/** How many figures at the beginning are the same, in the same shape. */
function countSame(before: readonly Shaped[], after: readonly Shaped[]): number {
  const differs = before.findIndex(({ figure: one }, index) => {
    const other = after[index]?.figure;
    return one !== other && (one.id !== other?.id || one.width !== other.width || one.height !== other.height);
  });
  return differs < 0 ? before.length : differs;
}

/** Full rows, one behind the other, that begin at a figure and hold none at `end` or behind it. */
function rowsWithin(rows: readonly GridRow[], begin: number, end: number): readonly GridRow[] {
  const first = rows.findIndex(({ places }) => places[0]?.index === begin);
  if (first < 0) return [];
  const behind = rows.findIndex(
    ({ kind, isFull, places }, row) =>
      row >= first && (kind === 'line' || !isFull || (places.at(-1)?.index ?? end) >= end),
  );
  return rows.slice(first, behind < 0 ? rows.length : behind);
}

function newRows(hits: readonly Shaped[], from: number, to: number, width: number): readonly GridRow[] {
  const ratios = hits.slice(from, to).map(({ figure }) => figure.width / figure.height);
  let index = from;
  return justify(ratios, { width, height: width < narrow ? 150 : 210, gap }).map((row) => {
    const made = toGridRow(row, hits[index]?.figure.id ?? '', index);
    index += row.widths.length;
    return made;
  });
}

/** @param first the place of its first figure in the list */
function toGridRow({ height, widths, isFull }: JustifiedRow, key: string, first: number): GridRow {
  let left = 0;
  const places = widths.map((width, at) => {
    const place = { index: first + at, width, middle: left + width / 2 };
    left += width + gap;
    return place;
  });
  return { key, kind: 'figures', height, places, isFull };
}
