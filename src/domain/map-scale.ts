/** Places in the plane: x and y of each point. */
export interface Places {
  readonly x: Float32Array;
  readonly y: Float32Array;
}

/** Left free at each edge, of the side of the map. */
const margin = 0.02;

/**
 * Moves and scales places into the square 0..1, equally along both axes, so that distances can be compared.
 * @param flat float32 [n, 2]
 */
export function toUnitSquare(flat: Float32Array): Places {
  const count = flat.length / 2;
  const x = Float32Array.from({ length: count }, (_, i) => flat[2 * i] ?? 0);
  const y = Float32Array.from({ length: count }, (_, i) => flat[2 * i + 1] ?? 0);
  const [left, right] = rangeOf(x);
  const [top, bottom] = rangeOf(y);
  const side = Math.max(right - left, bottom - top);
  const scale = side > 0 ? (1 - 2 * margin) / side : 0;
  const move = (value: number, low: number, high: number): number => 0.5 + (value - (low + high) / 2) * scale;
  return { x: x.map((value) => move(value, left, right)), y: y.map((value) => move(value, top, bottom)) };
}

function rangeOf(values: Float32Array): readonly [number, number] {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return values.length === 0 ? [0, 0] : [low, high];
}
