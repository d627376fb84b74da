const blockSide = 32;

/**
 * [rows, columns] → [columns, rows], in blocks that the cache holds: a column at a time, each value would be a line of memory of its own.
 * @param out as long as `values`
 */
export function transpose(values: Float32Array, rows: number, columns: number, out: Float32Array): void {
  for (let top = 0; top < rows; top += blockSide) {
    const bottom = Math.min(top + blockSide, rows);
    for (let left = 0; left < columns; left += blockSide) {
      const right = Math.min(left + blockSide, columns);
      for (let c = left; c < right; c++) {
        for (let r = top; r < bottom; r++) out[c * rows + r] = values[r * columns + c] ?? 0;
      }
    }
  }
}

/** [rows, columns] → [columns, rows], in new memory. */
export function transposed(values: Float32Array, rows: number, columns: number): Float32Array {
  const out = new Float32Array(values.length);
  transpose(values, rows, columns, out);
  return out;
}
