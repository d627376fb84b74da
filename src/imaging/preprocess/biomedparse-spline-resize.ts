import type { RawImage } from '../../domain/raw-image.js';

/** Pixels of padding before the spline prefilter, as scipy's grid-constant boundary has it (ndimage/_interpolation.py). */
const padding = 12;
/** The pole of the cubic B-spline's prefilter: √3 - 2 rounded once. Subtracting in doubles loses its last digits. */
const pole = -0.2679491924311227;

/** Values of one channel in double precision, row by row: a window of the array. */
interface Plane {
  readonly width: number;
  readonly height: number;
  readonly values: Float64Array;
  /** Of its first value. */
  readonly offset: number;
  /** From row to row. */
  readonly stride: number;
}

/** Works on one row or column in place. */
type LineWork = (line: Float64Array) => void;

/**
 * scikit-image's `resize(order=3, mode='constant', preserve_range=True, anti_aliasing=True)` of each channel to a
 * square, truncated to bytes: a Gaussian where the picture shrinks, zeros outside, a cubic B-spline, clipped to the
 * channel's own range (skimage/transform/_warps.py; scipy/ndimage/src/ni_splines.c and ni_interpolation.c).
 *
 * The order of every sum is the official one: where a picture keeps its size or is flat, results lie on whole numbers,
 * and the last digit decides what truncation gives.
 * @returns uint8 RGB [size, size, 3]
 */
export function splineResize(image: RawImage, size: number): Uint8Array {
  const out = new Uint8Array(size * size * 3);
  const rows = axisWeights(image.height, size);
  const columns = axisWeights(image.width, size);
  // One array holds a channel at every step: a large picture takes 8 bytes a pixel, not 24.
  const [inner, whole] = planesFor(image);
  for (let channel = 0; channel < 3; channel++) {
    const { least, most } = fillFrom(image, channel, inner);
    alongColumns(inner, smoothing(image.height / size, image.height));
    alongRows(inner, smoothing(image.width / size, image.width));
    alongColumns(whole, prefilter);
    alongRows(whole, prefilter);
    const square = sampled(whole, rows, columns);
    writeClipped(square, clippedRange(square, least, most), channel, out);
  }
  return out;
}

/** @returns a plane of the picture's size, and the one around it with the padding */
function planesFor({ width, height }: RawImage): readonly [Plane, Plane] {
  const stride = width + 2 * padding;
  const high = height + 2 * padding;
  const values = new Float64Array(stride * high);
  const inner = { width, height, values, offset: padding * stride + padding, stride };
  return [inner, { width: stride, height: high, values, offset: 0, stride }];
}

/** A channel, with zeros around it. @returns its range */
function fillFrom(
  { width, height, data }: RawImage,
  channel: number,
  { values, offset, stride }: Plane,
): { readonly least: number; readonly most: number } {
  values.fill(0);
  let [least, most] = [Infinity, -Infinity];
  for (let y = 0; y < height; y++) {
    const from = y * width;
    const to = offset + y * stride;
    for (let x = 0; x < width; x++) {
      const value = data[3 * (from + x) + channel] ?? 0;
      values[to + x] = value;
      if (value < least) least = value;
      if (value > most) most = value;
    }
  }
  return { least, most };
}

function alongRows({ width, height, values, offset, stride }: Plane, work: LineWork | null): void {
  if (work === null) return;
  for (let y = 0; y < height; y++) work(values.subarray(offset + y * stride, offset + y * stride + width));
}

function alongColumns({ width, height, values, offset, stride }: Plane, work: LineWork | null): void {
  if (work === null) return;
  const line = new Float64Array(height);
  for (let x = 0; x < width; x++) {
    for (let y = 0; y < height; y++) line[y] = values[offset + y * stride + x] ?? 0;
    work(line);
    for (let y = 0; y < height; y++) values[offset + y * stride + x] = line[y] ?? 0;
  }
}

/** A Gaussian of (factor - 1) / 2, four deviations wide, with zeros outside; null where nothing shrinks. */
function smoothing(factor: number, length: number): LineWork | null {
  const sigma = (factor - 1) / 2;
  const radius = Math.floor(4 * sigma + 0.5);
  if (!(sigma > 0) || radius === 0) return null;
  const weights = Float64Array.from({ length: radius + 1 }, (_, i) => Math.exp((-0.5 * i * i) / sigma ** 2));
  const sum = weights.reduce((total, weight, i) => total + (i === 0 ? weight : 2 * weight), 0);
  const kernel = weights.map((weight) => weight / sum);
  const before = new Float64Array(length + 2 * radius);
  return (line) => {
    before.set(line, radius);
    for (let x = 0; x < line.length; x++) {
      const middle = x + radius;
      let total = (before[middle] ?? 0) * (kernel[0] ?? 0);
      for (let k = radius; k > 0; k--) {
        total += ((before[middle - k] ?? 0) + (before[middle + k] ?? 0)) * (kernel[k] ?? 0);
      }
      line[x] = total;
    }
  };
}

/** B-spline coefficients in place; the line goes on as its mirror image about its first and last value. */
function prefilter(line: Float64Array): void {
  const last = line.length - 1;
  const gain = (1 - pole) * (1 - 1 / pole);
  for (let i = 0; i <= last; i++) line[i] = (line[i] ?? 0) * gain;
  line[0] = mirroredStart(line);
  for (let i = 1; i <= last; i++) line[i] = (line[i] ?? 0) + pole * (line[i - 1] ?? 0);
  line[last] = ((pole * (line[last - 1] ?? 0) + (line[last] ?? 0)) * pole) / (pole * pole - 1);
  for (let i = last - 1; i >= 0; i--) line[i] = pole * ((line[i + 1] ?? 0) - (line[i] ?? 0));
}

/** The sum over the endless mirrored line before the first value. */
function mirroredStart(line: Float64Array): number {
  const last = line.length - 1;
  const poleToLast = pole ** last;
  let sum = (line[0] ?? 0) + poleToLast * (line[last] ?? 0);
  let power = pole;
  // What follows is below the last digit: powers of the pole are past 1e-300 there.
  for (let i = 1; i < last && i < 500; i++) {
    sum += power * ((line[i] ?? 0) + poleToLast * (line[last - i] ?? 0));
    power *= pole;
  }
  return sum / (1 - poleToLast * poleToLast);
}

/** For each output: the first of four coefficients, and the weights of the cubic B-spline on them. */
interface AxisWeights {
  readonly first: Int32Array;
  readonly weights: Float64Array;
}

function axisWeights(length: number, size: number): AxisWeights {
  const first = new Int32Array(size);
  const weights = new Float64Array(4 * size);
  const scale = length / size;
  for (let o = 0; o < size; o++) {
    const at = (o + 0.5) * scale - 0.5 + padding;
    const t = at - Math.floor(at);
    const u = 1 - t;
    const outer = (u * u * u) / 6;
    const inner = (t * t * (t - 2) * 3 + 4) / 6;
    const next = (u * u * (u - 2) * 3 + 4) / 6;
    first[o] = Math.floor(at) - 1;
    weights.set([outer, inner, next, 1 - outer - inner - next], 4 * o);
  }
  return { first, weights };
}

function sampled({ width, values }: Plane, rows: AxisWeights, columns: AxisWeights): Float64Array {
  const size = columns.first.length;
  const out = new Float64Array(size * size);
  for (let y = 0; y < size; y++) {
    const top = rows.first[y] ?? 0;
    for (let x = 0; x < size; x++) {
      const left = columns.first[x] ?? 0;
      let sum = 0;
      for (let j = 0; j < 4; j++) {
        const row = (top + j) * width + left;
        const down = rows.weights[4 * y + j] ?? 0;
        for (let i = 0; i < 4; i++) sum += (values[row + i] ?? 0) * down * (columns.weights[4 * x + i] ?? 0);
      }
      out[y * size + x] = sum;
    }
  }
  return out;
}

/** The channel's range; widened to 0 where the zeros outside have left their mark (skimage, _clip_warp_output). */
function clippedRange(values: Float64Array, least: number, most: number): readonly [number, number] {
  if (least <= 0 && most >= 0) return [least, most];
  let [lowest, highest] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < lowest) lowest = value;
    if (value > highest) highest = value;
  }
  return lowest <= 0 && highest >= 0 ? [Math.min(least, 0), Math.max(most, 0)] : [least, most];
}

/** A byte array takes the whole part of what is put into it. */
function writeClipped(
  values: Float64Array,
  [least, most]: readonly [number, number],
  channel: number,
  out: Uint8Array,
): void {
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? 0;
    out[3 * i + channel] = value < least ? least : value > most ? most : value;
  }
}
