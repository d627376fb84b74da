import { createHash } from 'node:crypto';
import { ImageKind } from 'pdfjs-dist/legacy/build/pdf.mjs';
import type { Pixels } from './image-orientation.js';
import type { ImageSummary } from './page-marks.js';

/** An image as pdf.js decodes it. */
export interface DecodedImage {
  readonly width: number;
  readonly height: number;
  readonly kind: number;
  readonly data: Uint8Array | Uint8ClampedArray;
}

/** @returns null for what is no image with pixels */
export function decodedImage(value: unknown): DecodedImage | null {
  if (typeof value !== 'object' || value === null) return null;
  const { width, height, kind, data } = value as Partial<DecodedImage>;
  const isArray = data instanceof Uint8Array || data instanceof Uint8ClampedArray;
  if (!isArray || !isSize(width) || !isSize(height) || typeof kind !== 'number') return null;
  return data.length >= bytesOf(width, height, kind) ? { width, height, kind, data } : null;
}

function isSize(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0;
}

function bytesOf(width: number, height: number, kind: number): number {
  if (kind === ImageKind.GRAYSCALE_1BPP) return Math.ceil(width / 8) * height;
  return width * height * (kind === ImageKind.RGB_24BPP ? 3 : 4);
}

export function summarize({ width, height, kind, data }: DecodedImage): ImageSummary {
  const hash = createHash('sha256').update(`${width} ${height} ${kind} `).update(data).digest('hex');
  return { width, height, hash };
}

/** Pixels of an image: gray for one of black and white, else RGB, or RGBA where it has a mask. */
export function toPixels({ width, height, kind, data }: DecodedImage): Pixels {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.length);
  if (kind === ImageKind.RGB_24BPP) return { width, height, channels: 3, data: bytes.subarray(0, 3 * width * height) };
  if (kind !== ImageKind.GRAYSCALE_1BPP)
    return { width, height, channels: 4, data: bytes.subarray(0, 4 * width * height) };
  const gray = new Uint8Array(width * height);
  const row = Math.ceil(width / 8);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      gray[y * width + x] = ((bytes[y * row + (x >> 3)] ?? 0) & (0x80 >> (x & 7))) === 0 ? 0 : 255;
  return { width, height, channels: 1, data: gray };
}

/** Pixels in three channels; what is transparent is white. */
export function toRgb({ width, height, channels, data }: Pixels): Pixels {
  if (channels === 3) return { width, height, channels, data };
  const rgb = new Uint8Array(3 * width * height);
  for (let i = 0; i < width * height; i++) {
    const alpha = channels === 4 ? (data[4 * i + 3] ?? 255) / 255 : 1;
    for (let channel = 0; channel < 3; channel++) {
      const value = channels === 1 ? (data[i] ?? 0) : (data[4 * i + channel] ?? 0);
      rgb[3 * i + channel] = Math.round(255 + (value - 255) * alpha);
    }
  }
  return { width, height, channels: 3, data: rgb };
}
