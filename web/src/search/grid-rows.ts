import { justify } from './justify';

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
}

interface Shaped {
  readonly figure: { readonly id: string; readonly width: number; readonly height: number };
}

/**
 * The rows of a grid.
 * @param matching behind how many figures a line stands; null for none
 * @param width of the grid in pixels; 0 while it is not known
 */
export function toRows(hits: readonly Shaped[], matching: number | null, width: number): readonly GridRow[] {
  if (width === 0) return [];
  if (matching === null || matching === 0 || matching >= hits.length) return justifiedRows(hits, 0, width);
  const line: GridRow = { key: 'line', kind: 'line', height: 0, places: [] };
  return [
    ...justifiedRows(hits.slice(0, matching), 0, width),
    line,
    ...justifiedRows(hits.slice(matching), matching, width),
  ];
}

function justifiedRows(hits: readonly Shaped[], first: number, width: number): readonly GridRow[] {
  const ratios = hits.map(({ figure }) => figure.width / figure.height);
  let index = first;
  return justify(ratios, width, width < narrow ? 150 : 210, gap).map(({ height, widths }) => {
    let left = 0;
    const key = hits[index - first]?.figure.id ?? String(index);
    const places = widths.map((own) => {
      const place = { index, width: own, middle: left + own / 2 };
      index++;
      left += own + gap;
      return place;
    });
    return { key, kind: 'figures', height, places };
  });
}
