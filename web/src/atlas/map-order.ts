import type { AtlasPoints } from './points';

/** Bands into which the selection is cut from top to bottom. */
const bands = 12;

/**
 * Rows in the order of a walk over their part of the map, to and fro in bands: neighbors on the map are near each other in the
 * list, and some that are spread evenly over the list are spread over that part of the map.
 */
export function inMapOrder({ x, y }: Pick<AtlasPoints, 'x' | 'y'>, rows: readonly number[]): readonly number[] {
  const heights = rows.map((row) => y[row] ?? 0);
  const top = heights.reduce((least, one) => Math.min(least, one), Infinity);
  const bottom = heights.reduce((most, one) => Math.max(most, one), -Infinity);
  const bandOf = (row: number): number =>
    Math.min(bands - 1, Math.floor((bands * ((y[row] ?? 0) - top)) / Math.max(1e-9, bottom - top)));
  return [...rows].sort((one, other) => {
    const band = bandOf(one);
    if (band !== bandOf(other)) return band - bandOf(other);
    const left = (x[one] ?? 0) - (x[other] ?? 0);
    return band % 2 === 0 ? left : -left;
  });
}
