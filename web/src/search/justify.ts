/** A row of pictures of one height. */
export interface JustifiedRow {
  /** In pixels. */
  readonly height: number;
  /** Of each picture, in pixels. */
  readonly widths: readonly number[];
  /** Whether it fills the width: pictures that come later do not change it. */
  readonly isFull: boolean;
}

/** Very wide and very tall pictures would make a row useless for all others. */
const [narrowest, widest] = [0.4, 4];

interface Measures {
  /** Of the grid in pixels. */
  readonly width: number;
  /** Of a row in pixels; the last row keeps it. */
  readonly height: number;
  /** Between two pictures in pixels. */
  readonly gap: number;
}

/**
 * Justified rows: each picture keeps its shape, each full row fills the width.
 * @param ratios width / height of each picture, in order
 */
export function justify(ratios: Iterable<number>, { width, height: usual, gap }: Measures): readonly JustifiedRow[] {
  const rows: JustifiedRow[] = [];
  let row: number[] = [];
  let sum = 0;
  const close = (height: number, isFull: boolean): void => {
    rows.push({ height: Math.floor(height), widths: row.map((ratio) => Math.floor(ratio * height)), isFull });
    row = [];
    sum = 0;
  };
  for (const written of ratios) {
    const ratio = Math.min(widest, Math.max(narrowest, written));
    row.push(ratio);
    sum += ratio;
    const height = (width - gap * (row.length - 1)) / sum;
    if (height <= usual) close(height, true);
  }
  if (row.length > 0) close(usual, false);
  return rows;
}
