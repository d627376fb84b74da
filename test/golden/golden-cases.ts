import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { GoldenSet } from './golden-sets.js';

export interface GoldenVariant {
  readonly crop: string;
  readonly normalized: readonly number[];
}

export interface GoldenImage {
  readonly id: string;
  readonly file: string;
  readonly variants: Readonly<Record<string, GoldenVariant>>;
}

interface GoldenText {
  readonly id: string;
  readonly category: string;
  readonly text: string;
  readonly ids: readonly number[];
  readonly normalized: readonly number[];
}

export interface GoldenCases {
  readonly images: readonly GoldenImage[];
  readonly texts: readonly GoldenText[];
  /** Cosines of the images, read in the official order, with the texts. */
  readonly similarity: { readonly cosine: readonly (readonly number[])[] };
}

export function readCases({ folder }: GoldenSet): GoldenCases {
  return JSON.parse(readFileSync(path.join(folder, 'cases.json'), 'utf8')) as GoldenCases;
}

/** The variant that figseek follows: the sane one where the official order gives nonsense. */
export function followedVariant(image: GoldenImage): GoldenVariant {
  for (const name of ['exifApplied', 'scaledTo8bit', 'overWhite', 'rgbFirst', 'official']) {
    const variant = image.variants[name];
    if (variant !== undefined) return variant;
  }
  throw new Error(`${image.id} has no variant`);
}

export function maxDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Infinity;
  let largest = 0;
  for (let i = 0; i < a.length; i++) largest = Math.max(largest, Math.abs((a[i] ?? 0) - (b[i] ?? 0)));
  return largest;
}

export function cosine(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let [dot, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [a[i] ?? 0, b[i] ?? 0];
    dot += x * y;
    aa += x * x;
    bb += y * y;
  }
  return dot / Math.sqrt(aa * bb);
}
