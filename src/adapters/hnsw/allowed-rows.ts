/** Which rows a search may find: one bit a row, in memory that the workers share. */
export interface AllowedRows {
  readonly bits: Uint8Array<SharedArrayBuffer>;
  /** Rows allowed. */
  readonly count: number;
}

/**
 * Labels → rows.
 * @param allowed labels in ascending order
 * @param seqs the label of each row, in ascending order; labels that are not there are left out
 */
export function toAllowedRows(allowed: ArrayLike<number>, seqs: ArrayLike<number>): AllowedRows {
  const bits = new Uint8Array(new SharedArrayBuffer((seqs.length + 7) >> 3));
  let count = 0;
  let row = 0;
  for (let i = 0; i < allowed.length; i++) {
    const label = allowed[i] ?? 0;
    row = lowerBound(seqs, label, row);
    if (row === seqs.length) break;
    if (seqs[row] !== label) continue;
    bits[row >> 3] = (bits[row >> 3] ?? 0) | (1 << (row & 7));
    count++;
  }
  return { bits, count };
}

/** First row from `from` on whose label is at least `label`: steps that double, then halves, since most are near. */
export function lowerBound(seqs: ArrayLike<number>, label: number, from = 0): number {
  let step = 1;
  let low = from;
  while (low + step < seqs.length && (seqs[low + step] ?? 0) < label) {
    low += step;
    step *= 2;
  }
  let high = Math.min(low + step, seqs.length);
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((seqs[middle] ?? 0) < label) low = middle + 1;
    else high = middle;
  }
  return low;
}
