import type { GrayImage } from './gray-image.js';
import type { Placement } from './placement.js';

/** Which pixels of the first picture count; 0: not at all. [height, width] */
export type PixelMask = Uint8Array;

/** How brightness changed: first ≈ gain · second + offset. */
export interface Tone {
  readonly gain: number;
  readonly offset: number;
}

export interface Fit {
  readonly placement: Placement;
  readonly tone: Tone;
}

const unknowns = 8;
/** Below this many pixels eight numbers are not known from them. */
const leastPixels = 64;

/**
 * Moves a placement to where the difference of two pictures is least, and finds how brightness changed: Gauss and Newton's
 * method on the six numbers of the placement, a gain and an offset, as Lucas and Kanade, IJCAI 1981, and Baker and Matthews,
 * IJCV 2004.
 * @param first its pixels are compared @param second is read where they lie
 * @returns null where too few pixels lie in both
 */
export function register(
  first: GrayImage,
  second: GrayImage,
  start: Placement,
  { mask, rounds, step = 1 }: { readonly mask: PixelMask | null; readonly rounds: number; readonly step?: number },
): Fit | null {
  let fit: Fit = { placement: start, tone: { gain: 1, offset: 0 } };
  for (let round = 0; round < rounds; round++) {
    const equations = gather(first, second, fit, { mask, step });
    if (equations === null) return null;
    const change = solve(equations);
    if (change === null) return null;
    fit = moved(fit, change, round === 0);
    if (Math.max(...change.slice(0, 6).map(Math.abs)) < 2e-5) break;
  }
  return fit;
}

function moved({ placement, tone }: Fit, change: readonly number[], isFirst: boolean): Fit {
  const [da = 0, db = 0, de = 0, dc = 0, dd = 0, df = 0, gain = 1, offset = 0] = change;
  // The first tone is a guess, and so is the step that goes with it.
  const share = isFirst ? 0.5 : 1;
  const { a, b, c, d, e, f } = placement;
  return {
    placement: {
      a: a + share * da,
      b: b + share * db,
      c: c + share * dc,
      d: d + share * dd,
      e: e + share * de,
      f: f + share * df,
    },
    tone: { gain: Math.min(4, Math.max(0.25, tone.gain + gain)), offset: tone.offset + offset },
  };
}

/** Normal equations, row by row, with the right side as their last column. */
type Equations = Float64Array;
const columns = unknowns + 1;

function gather(
  first: GrayImage,
  second: GrayImage,
  { placement: { a, b, c, d, e, f }, tone }: Fit,
  { mask, step }: { readonly mask: PixelMask | null; readonly step: number },
): Equations | null {
  const [side, other] = [Math.max(first.width, first.height), Math.max(second.width, second.height)];
  const equations = new Float64Array(unknowns * columns);
  const terms = new Float64Array(columns);
  let count = 0;
  for (let row = 0; row < first.height; row += step) {
    const y = (row + 0.5) / side;
    for (let column = 0; column < first.width; column += step) {
      const place = row * first.width + column;
      if (mask !== null && mask[place] === 0) continue;
      const x = (column + 0.5) / side;
      const left = (a * x + b * y + e) * other - 0.5;
      const top = (c * x + d * y + f) * other - 0.5;
      if (left < 0 || top < 0 || left >= second.width - 1 || top >= second.height - 1) continue;
      sampleWithSlopes(second, left, top, terms);
      addPixel(equations, terms, { x, y, value: first.data[place] ?? 0, slope: tone.gain * other, tone });
      count++;
    }
  }
  return count < leastPixels ? null : equations;
}

/** Writes the brightness between four pixels, and how it changes along x and y, into the first three terms. */
function sampleWithSlopes({ width, data }: GrayImage, left: number, top: number, into: Float64Array): void {
  const [column, row] = [Math.floor(left), Math.floor(top)];
  const [fx, fy] = [left - column, top - row];
  const at = row * width + column;
  const [p00, p10] = [data[at] ?? 0, data[at + 1] ?? 0];
  const [p01, p11] = [data[at + width] ?? 0, data[at + width + 1] ?? 0];
  const [upper, lower] = [p00 + fx * (p10 - p00), p01 + fx * (p11 - p01)];
  into[0] = upper + fy * (lower - upper);
  into[1] = (1 - fy) * (p10 - p00) + fy * (p11 - p01);
  into[2] = lower - upper;
}

interface Pixel {
  readonly x: number;
  readonly y: number;
  /** Of the first picture. */
  readonly value: number;
  /** What a slope of the second picture is multiplied with. */
  readonly slope: number;
  readonly tone: Tone;
}

/** Adds what one pixel says. @param terms brightness and slopes of the second picture; overwritten */
function addPixel(equations: Equations, terms: Float64Array, { x, y, value, slope, tone }: Pixel): void {
  const brightness = terms[0] ?? 0;
  const [gx, gy] = [slope * (terms[1] ?? 0), slope * (terms[2] ?? 0)];
  terms[0] = gx * x;
  terms[1] = gx * y;
  terms[2] = gx;
  terms[3] = gy * x;
  terms[4] = gy * y;
  terms[5] = gy;
  terms[6] = brightness;
  terms[7] = 1;
  terms[unknowns] = value - tone.gain * brightness - tone.offset;
  for (let i = 0; i < unknowns; i++) {
    const factor = terms[i] ?? 0;
    for (let j = i, at = i * columns + i; j < columns; j++, at++)
      equations[at] = (equations[at] ?? 0) + factor * (terms[j] ?? 0);
  }
}

/** Gaussian elimination of the symmetric equations; null where they say too little. */
function solve(equations: Equations): readonly number[] | null {
  const at = (i: number, j: number): number => equations[i * columns + j] ?? 0;
  for (let i = 0; i < unknowns; i++) {
    for (let j = 0; j < i; j++) equations[i * columns + j] = at(j, i);
    // A little of the diagonal is added: where a picture is flat in one direction it stays in its place.
    equations[i * columns + i] = at(i, i) * (1 + 1e-4) + 1e-6;
  }
  for (let pivot = 0; pivot < unknowns; pivot++) {
    const head = at(pivot, pivot);
    if (Math.abs(head) < 1e-12) return null;
    for (let row = pivot + 1; row < unknowns; row++) {
      const factor = at(row, pivot) / head;
      for (let j = pivot; j < columns; j++) equations[row * columns + j] = at(row, j) - factor * at(pivot, j);
    }
  }
  const solution = new Array<number>(unknowns).fill(0);
  for (let row = unknowns - 1; row >= 0; row--) {
    let sum = at(row, unknowns);
    for (let j = row + 1; j < unknowns; j++) sum -= at(row, j) * (solution[j] ?? 0);
    solution[row] = sum / at(row, row);
  }
  return solution.every(Number.isFinite) ? solution : null;
}
