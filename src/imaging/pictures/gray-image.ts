import type { RawImage } from '../../domain/raw-image.js';
import { pixelsAddon } from '../pixels-addon.js';

/** Brightness of pixels, 0..255, row-major; `data.length === width * height`. */
export interface GrayImage {
  readonly width: number;
  readonly height: number;
  readonly data: Float32Array;
}

/** Luma of ITU-R BT.601, as JPEG and Pillow compute it. */
export function toGray({ width, height, data }: RawImage): GrayImage {
  const gray = new Float32Array(width * height);
  for (let i = 0, from = 0; i < gray.length; i++, from += 3) {
    gray[i] = 0.299 * (data[from] ?? 0) + 0.587 * (data[from + 1] ?? 0) + 0.114 * (data[from + 2] ?? 0);
  }
  return { width, height, data: gray };
}

/** The two color differences of ITU-R BT.601, around 128. */
export function toChroma({ width, height, data }: RawImage): readonly [blue: GrayImage, red: GrayImage] {
  const [blue, red] = [new Float32Array(width * height), new Float32Array(width * height)];
  for (let i = 0, from = 0; i < blue.length; i++, from += 3) {
    const [r, g, b] = [data[from] ?? 0, data[from + 1] ?? 0, data[from + 2] ?? 0];
    blue[i] = 128 - 0.1687 * r - 0.3313 * g + 0.5 * b;
    red[i] = 128 + 0.5 * r - 0.4187 * g - 0.0813 * b;
  }
  return [
    { width, height, data: blue },
    { width, height, data: red },
  ];
}

/** Brightness between pixels; past the edge, that of the edge. @param x 0 is the center of the first column */
export function sampleAt({ width, height, data }: GrayImage, x: number, y: number): number {
  const cx = Math.min(Math.max(x, 0), width - 1);
  const cy = Math.min(Math.max(y, 0), height - 1);
  const left = Math.min(Math.floor(cx), Math.max(0, width - 2));
  const top = Math.min(Math.floor(cy), Math.max(0, height - 2));
  const [right, bottom] = [Math.min(left + 1, width - 1), Math.min(top + 1, height - 1)];
  const [fx, fy] = [cx - left, cy - top];
  const upper = (data[top * width + left] ?? 0) * (1 - fx) + (data[top * width + right] ?? 0) * fx;
  const lower = (data[bottom * width + left] ?? 0) * (1 - fx) + (data[bottom * width + right] ?? 0) * fx;
  return upper * (1 - fy) + lower * fy;
}

/** Gaussian blur; the edges are repeated. @param sigma in pixels */
export function blur(image: GrayImage, sigma: number): GrayImage {
  const radius = Math.max(1, Math.ceil(3 * sigma));
  const kernel = Float32Array.from({ length: 2 * radius + 1 }, (_, i) =>
    Math.exp(-((i - radius) ** 2) / (2 * sigma ** 2)),
  );
  const sum = kernel.reduce((total, weight) => total + weight, 0);
  for (let i = 0; i < kernel.length; i++) kernel[i] = (kernel[i] ?? 0) / sum;
  return convolve(image, kernel);
}

/** Convolves rows and columns by a kernel of an odd length, by the addon where there is one: with the same answers. */
export function convolve(image: GrayImage, kernel: Float32Array): GrayImage {
  const { addon } = pixelsAddon();
  if (addon === null) return convolvePortably(image, kernel);
  return { ...image, data: addon.blur(image.data, image.width, kernel) };
}

/** The same in JavaScript. */
export function convolvePortably(image: GrayImage, kernel: Float32Array): GrayImage {
  const radius = (kernel.length - 1) / 2;
  return transposedConvolution(transposedConvolution(image, kernel, radius), kernel, radius);
}

/** Convolves the rows and exchanges rows and columns: done twice, both directions are convolved. */
function transposedConvolution({ width, height, data }: GrayImage, kernel: Float32Array, radius: number): GrayImage {
  const out = new Float32Array(width * height);
  const row = new Float32Array(width + 2 * radius);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < row.length; x++) {
      row[x] = data[y * width + Math.min(Math.max(x - radius, 0), width - 1)] ?? 0;
    }
    for (let x = 0; x < width; x++) {
      let sum = 0;
      for (let i = 0; i < kernel.length; i++) sum += (kernel[i] ?? 0) * (row[x + i] ?? 0);
      out[x * height + y] = sum;
    }
  }
  return { width: height, height: width, data: out };
}

/** Every second pixel of every second row. */
export function halve({ width, height, data }: GrayImage): GrayImage {
  const [w, h] = [Math.max(1, width >> 1), Math.max(1, height >> 1)];
  const out = new Float32Array(w * h);
  for (let y = 0; y < h; y++) for (let x = 0; x < w; x++) out[y * w + x] = data[2 * y * width + 2 * x] ?? 0;
  return { width: w, height: h, data: out };
}
