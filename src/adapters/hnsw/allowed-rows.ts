/** Which rows a search may find: one bit a row, in memory that the workers share. */
export interface AllowedRows {
  readonly bits: Uint8Array<SharedArrayBuffer>;
  /** Rows allowed. */
  readonly count: number;
}

/** @param panels number of the panel of each row */
export function allowRows(panels: ArrayLike<number>, isAllowed: (panel: number) => boolean): AllowedRows {
  const bits = new Uint8Array(new SharedArrayBuffer((panels.length + 7) >> 3));
  let count = 0;
  for (let row = 0; row < panels.length; row++) {
    if (!isAllowed(panels[row] ?? 0)) continue;
    bits[row >> 3] = (bits[row >> 3] ?? 0) | (1 << (row & 7));
    count++;
  }
  return { bits, count };
}
