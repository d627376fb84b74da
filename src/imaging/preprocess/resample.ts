import type { ImagePreparation } from '../../domain/image-preparation.js';
import type { RawImage } from '../../domain/raw-image.js';
import { pixelsAddon, type PixelsAddon } from '../pixels-addon.js';

/** Fixed-point digits of the weights, as PRECISION_BITS of Pillow's libImaging/Resample.c. */
const precisionBits = 22;
const rounding = 1 << (precisionBits - 1);

/** For each output position: the first input position, and the weights of those that follow. */
export interface Resampling {
  readonly first: Int32Array;
  readonly count: Int32Array;
  /** `stride` weights an output position */
  readonly weights: Int32Array;
  readonly stride: number;
  /** Range of input positions that any output needs: [from, to). */
  readonly from: number;
  readonly to: number;
}

/** Keys' cubic with a = -0.5. */
function cubic(x: number): number {
  const a = -0.5;
  const t = Math.abs(x);
  if (t < 1) return ((a + 2) * t - (a + 3)) * t * t + 1;
  if (t < 2) return (((t - 5) * t + 8) * t - 4) * a;
  return 0;
}

function triangle(x: number): number {
  return Math.max(0, 1 - Math.abs(x));
}

/** Each filter with the distance from its center at which it becomes 0. */
const filters = {
  bicubic: { weigh: cubic, radius: 2 },
  bilinear: { weigh: triangle, radius: 1 },
} as const;

/** Which output positions are computed, and by which filter. */
export interface ResamplingOptions {
  /** The first one. */
  readonly offset: number;
  readonly length: number;
  readonly interpolation: ImagePreparation['interpolation'];
}

export function resampling(
  inputSize: number,
  outputSize: number,
  { offset, length, interpolation }: ResamplingOptions,
): Resampling {
  const { weigh, radius } = filters[interpolation];
  const scale = inputSize / outputSize;
  const filterScale = Math.max(scale, 1);
  const support = radius * filterScale;
  const stride = Math.ceil(support) * 2 + 1;
  const first = new Int32Array(length);
  const count = new Int32Array(length);
  const weights = new Int32Array(length * stride);
  for (let i = 0; i < length; i++) {
    const center = (i + offset + 0.5) * scale;
    const low = Math.max(0, Math.trunc(center - support + 0.5));
    const high = Math.min(inputSize, Math.trunc(center + support + 0.5));
    const exact: number[] = [];
    let sum = 0;
    for (let x = low; x < high; x++) {
      const weight = weigh((x - center + 0.5) / filterScale);
      exact.push(weight);
      sum += weight;
    }
    first[i] = low;
    count[i] = high - low;
    exact.forEach((weight, k) => (weights[i * stride + k] = toFixedPoint(sum === 0 ? weight : weight / sum)));
  }
  const last = length - 1;
  return { first, count, weights, stride, from: first[0] ?? 0, to: (first[last] ?? 0) + (count[last] ?? 0) };
}

function toFixedPoint(weight: number): number {
  return Math.trunc(weight * (1 << precisionBits) + (weight < 0 ? -0.5 : 0.5));
}

/** The two passes of a resize: the first one across, the second one down, each into 8 bits. */
export interface Resampler {
  /** Only the rows that the second pass reads. @returns [rows.to - rows.from, columns, 3] */
  columns(image: RawImage, columns: Resampling, rows: Resampling): Uint8Array;
  /** @param strip what `columns` gave @returns [rows, columns, 3] */
  rows(strip: Uint8Array, rows: Resampling): Uint8Array;
}

/** The passes compiled for this machine's processor, five times as fast, or the portable ones, with the same answers. */
export function resampler(): Resampler {
  const { addon } = pixelsAddon();
  return addon === null ? portable : compiled(addon);
}

function compiled(addon: PixelsAddon): Resampler {
  return {
    columns: ({ data, width }, { first, count, weights }, { from, to }) =>
      addon.columns(data.subarray(from * width * 3, to * width * 3), width, first, count, weights),
    rows: (strip, { first, count, weights, from, to }) =>
      addon.rows(strip, strip.length / (to - from), from, first, count, weights),
  };
}

export const portable: Resampler = { columns: resampleColumns, rows: resampleRows };

function resampleColumns(image: RawImage, columns: Resampling, rows: Resampling): Uint8Array {
  const { data, width } = image;
  const { first, count, weights, stride } = columns;
  const length = first.length;
  const out = new Uint8Array((rows.to - rows.from) * length * 3);
  let to = 0;
  for (let y = rows.from; y < rows.to; y++) {
    for (let i = 0; i < length; i++) {
      let red = rounding;
      let green = rounding;
      let blue = rounding;
      let from = (y * width + (first[i] ?? 0)) * 3;
      const end = i * stride + (count[i] ?? 0);
      for (let k = i * stride; k < end; k++) {
        const weight = weights[k] ?? 0;
        red += (data[from] ?? 0) * weight;
        green += (data[from + 1] ?? 0) * weight;
        blue += (data[from + 2] ?? 0) * weight;
        from += 3;
      }
      out[to] = clipped(red);
      out[to + 1] = clipped(green);
      out[to + 2] = clipped(blue);
      to += 3;
    }
  }
  return out;
}

function resampleRows(strip: Uint8Array, rows: Resampling): Uint8Array {
  const { first, count, weights, stride, from, to } = rows;
  const rowBytes = strip.length / (to - from);
  const out = new Uint8Array(first.length * rowBytes);
  const sums = new Int32Array(rowBytes);
  for (let i = 0; i < first.length; i++) {
    sums.fill(rounding);
    for (let k = 0; k < (count[i] ?? 0); k++) {
      const weight = weights[i * stride + k] ?? 0;
      const start = ((first[i] ?? 0) - from + k) * rowBytes;
      for (let x = 0; x < rowBytes; x++) sums[x] = (sums[x] ?? 0) + (strip[start + x] ?? 0) * weight;
    }
    for (let x = 0; x < rowBytes; x++) out[i * rowBytes + x] = clipped(sums[x] ?? 0);
  }
  return out;
}

function clipped(sum: number): number {
  return Math.max(0, Math.min(255, sum >> precisionBits));
}
