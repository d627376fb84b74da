/** A row of pictures of one height. */
interface JustifiedRow {
  /** In pixels. */
  readonly height: number;
  /** Of each picture, in pixels. */
  readonly widths: readonly number[];
}

/** Very wide and very tall pictures would make a row useless for all others. */
const [narrowest, widest] = [0.4, 4];

/**
 * Justified rows: each picture keeps its shape, each full row fills the width.
 * @param ratios width / height of each picture, in order
 * @param width of the grid in pixels
 * @param target height of a row in pixels; the last row keeps it
 */
export function justify(
  ratios: readonly number[],
  width: number,
  target: number,
  gap: number,
): readonly JustifiedRow[] {
  const rows: JustifiedRow[] = [];
  let row: number[] = [];
  const close = (height: number): void => {
    rows.push({ height: Math.floor(height), widths: row.map((ratio) => Math.floor(ratio * height)) });
    row = [];
  };
  for (const ratio of ratios) {
    row.push(Math.min(widest, Math.max(narrowest, ratio)));
    const sum = row.reduce((total, one) => total + one, 0);
    const height = (width - gap * (row.length - 1)) / sum;
    if (height <= target) close(height);
  }
  if (row.length > 0) close(target);
  return rows;
}
