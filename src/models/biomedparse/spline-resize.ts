import type { RawImage } from '../../domain/raw-image.js';

/** Pixels of padding before the spline prefilter, as scipy's grid-constant boundary has it (ndimage/_interpolation.py). */
const padding = 12;
/** The pole of the cubic B-spline's prefilter. */
const pole = Math.sqrt(3) - 2;

/**
 * scikit-image's `resize(order=3, mode='constant', preserve_range=True, anti_aliasing=True)` of each channel to a
 * square, truncated to bytes: a Gaussian where the picture shrinks, zeros outside, a cubic B-spline, clipped to the
 * channel's own range (skimage/transform/_warps.py; scipy/ndimage/src/ni_splines.c). In double precision; each step
 * works along one axis alone, so an axis is done whole before the other.
 * @returns uint8 RGB [size, size, 3]
 */
export function splineResize(image: RawImage, size: number): Uint8Array {
  const out = new Uint8Array(size * size * 3);
  const across = axisResize(image.width, size);
  const down = axisResize(image.height, size);
  for (let channel = 0; channel < 3; channel++) resizeChannel(image, channel, { across, down }, out);
  return out;
}

/** Resamples one line in place: reads `line` of the input length, writes the first `size` values of `out`. */
type AxisResize = (line: Float64Array, out: Float64Array) => void;

function resizeChannel(
  { width, height, data }: RawImage,
  channel: number,
  { across, down }: { readonly across: AxisResize; readonly down: AxisResize },
  out: Uint8Array,
): void {
  const size = Math.sqrt(out.length / 3);
  // Column by column after the first pass: [size, height].
  const turned = new Float64Array(size * height);
  const line = new Float64Array(width);
  const resized = new Float64Array(size);
  let [least, most] = [Infinity, -Infinity];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const value = data[(y * width + x) * 3 + channel] ?? 0;
      line[x] = value;
      if (value < least) least = value;
      if (value > most) most = value;
    }
    across(line, resized);
    for (let x = 0; x < size; x++) turned[x * height + y] = resized[x] ?? 0;
  }
  const square = new Float64Array(size * size);
  for (let x = 0; x < size; x++) {
    down(turned.subarray(x * height, (x + 1) * height), resized);
    for (let y = 0; y < size; y++) square[y * size + x] = resized[y] ?? 0;
  }
  writeClipped(square, clippedRange(square, least, most), channel, out);
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

function writeClipped(
  values: Float64Array,
  [least, most]: readonly [number, number],
  channel: number,
  out: Uint8Array,
): void {
  for (let i = 0; i < values.length; i++) {
    out[3 * i + channel] = Math.trunc(Math.min(most, Math.max(least, values[i] ?? 0)));
  }
}

/** The way of one axis from `length` to `size`, with all that depends on the lengths alone made once. */
function axisResize(length: number, size: number): AxisResize {
  const kernel = gaussianKernel(length / size);
  const smooth = new Float64Array(length);
  const coefficients = new Float64Array(length + 2 * padding);
  const { first, weights } = splineWeights(length, size);
  return (line, out) => {
    smoothLine(line, kernel, smooth);
    coefficients.fill(0);
    coefficients.set(smooth, padding);
    prefilter(coefficients);
    for (let o = 0; o < size; o++) {
      const from = first[o] ?? 0;
      let sum = 0;
      for (let k = 0; k < 4; k++) sum += (weights[4 * o + k] ?? 0) * (coefficients[from + k] ?? 0);
      out[o] = sum;
    }
  };
}

/** One side of the Gaussian with its middle: weights at 0, 1, … radius; [1] where nothing is smoothed. */
function gaussianKernel(factor: number): Float64Array {
  const sigma = Math.max(0, (factor - 1) / 2);
  const radius = sigma > 0 ? Math.floor(4 * sigma + 0.5) : 0;
  const half = Float64Array.from({ length: radius + 1 }, (_, i) =>
    i === 0 ? 1 : Math.exp((-0.5 * i * i) / sigma ** 2),
  );
  const sum = half.reduce((total, weight, i) => total + (i === 0 ? weight : 2 * weight), 0);
  return half.map((weight) => weight / sum);
}

/** A symmetric kernel over a line with zeros outside. */
function smoothLine(line: Float64Array, kernel: Float64Array, out: Float64Array): void {
  const radius = kernel.length - 1;
  for (let x = 0; x < line.length; x++) {
    let sum = (line[x] ?? 0) * (kernel[0] ?? 0);
    for (let k = 1; k <= radius; k++) {
      const before = x >= k ? (line[x - k] ?? 0) : 0;
      const after = x + k < line.length ? (line[x + k] ?? 0) : 0;
      sum += (before + after) * (kernel[k] ?? 0);
    }
    out[x] = sum;
  }
}

/** B-spline coefficients in place; the line goes on as its mirror image about its first and last value. */
function prefilter(line: Float64Array): void {
  const last = line.length - 1;
  const gain = (1 - pole) * (1 - 1 / pole);
  for (let i = 0; i <= last; i++) line[i] = (line[i] ?? 0) * gain;
  line[0] = mirroredStart(line);
  for (let i = 1; i <= last; i++) line[i] = (line[i] ?? 0) + pole * (line[i - 1] ?? 0);
  line[last] = (((line[last] ?? 0) + pole * (line[last - 1] ?? 0)) * pole) / (pole * pole - 1);
  for (let i = last - 1; i >= 0; i--) line[i] = pole * ((line[i + 1] ?? 0) - (line[i] ?? 0));
}

/** The sum over the endless mirrored line before the first value. */
function mirroredStart(line: Float64Array): number {
  const last = line.length - 1;
  const poleToLast = pole ** last;
  let sum = (line[0] ?? 0) + poleToLast * (line[last] ?? 0);
  let power = pole;
  let mirrored = poleToLast * poleToLast;
  for (let i = 1; i < last; i++) {
    mirrored /= pole;
    sum += (power + mirrored) * (line[i] ?? 0);
    power *= pole;
  }
  return sum / (1 - poleToLast * poleToLast);
}

/** For each output: the first of four coefficients, and the weights of the cubic B-spline on them. */
function splineWeights(length: number, size: number): { readonly first: Int32Array; readonly weights: Float64Array } {
  const first = new Int32Array(size);
  const weights = new Float64Array(4 * size);
  for (let o = 0; o < size; o++) {
    const at = ((o + 0.5) * length) / size - 0.5 + padding;
    const whole = Math.floor(at);
    const t = at - whole;
    first[o] = whole - 1;
    weights[4 * o] = (1 - t) ** 3 / 6;
    weights[4 * o + 1] = (t * t * (t - 2) * 3 + 4) / 6;
    const u = 1 - t;
    weights[4 * o + 2] = (u * u * (u - 2) * 3 + 4) / 6;
    weights[4 * o + 3] = t ** 3 / 6;
  }
  return { first, weights };
}
