/** A picture's place in its row. */
export interface Placed {
  readonly width: number;
  readonly height: number;
}

/**
 * Justified rows: each picture keeps its shape, each full row fills the width.
 * @param ratios width / height of each picture, in order
 * @param width of the grid in pixels
 * @param target height of a row in pixels; the last row keeps it
 */
export function justify(ratios: readonly number[], width: number, target: number, gap: number): readonly Placed[] {
  const placed: Placed[] = [];
  let row: number[] = [];
  const close = (height: number): void => {
    placed.push(...row.map((ratio) => ({ width: Math.floor(ratio * height), height: Math.floor(height) })));
    row = [];
  };
  for (const ratio of ratios) {
    // Very wide and very tall figures would make a row useless for all others.
    row.push(Math.min(4, Math.max(0.4, ratio)));
    const sum = row.reduce((total, one) => total + one, 0);
    const height = (width - gap * (row.length - 1)) / sum;
    if (height <= target) close(height);
  }
  if (row.length > 0) close(target);
  return placed;
}
