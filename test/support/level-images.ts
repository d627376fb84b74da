import { expect } from '@jest/globals';
import { decodeImage } from '../../src/imaging/decode.js';
import { writeTiff, type TiffParts } from './tiff-writer.js';

/** Width and height of each image. */
export const side = 48;
/** The gray levels of an image of all levels, brighter to the right and downwards. */
export const levels = Array.from({ length: side * side }, (_, i) =>
  Math.min(255, Math.floor((((i % side) + Math.floor(i / side)) * 256) / (2 * side - 2))),
);
/** A TIFF file whose pixels are one strip. */
export function writeStrip(part: Uint8Array, rest: Omit<TiffParts, 'width' | 'height' | 'parts'>): Buffer {
  return writeTiff({ width: side, height: side, parts: [part], ...rest });
}

/** The gray levels that an image file is decoded to. */
export async function decodeGray(file: Uint8Array): Promise<number[]> {
  const { image } = await decodeImage(file);
  expect([image.width, image.height]).toEqual([side, side]);
  return Array.from({ length: side * side }, (_, i) => image.data[3 * i] ?? -1);
}

/** The largest difference of two images. */
export function maxDifference(a: readonly number[], b: readonly number[]): number {
  return Math.max(...a.map((value, i) => Math.abs(value - (b[i] ?? NaN))));
}

/** The levels as other numbers: each times a factor, plus an offset. */
export function scaleLevels(factor: number, plus = 0): number[] {
  return levels.map((level) => level * factor + plus);
}
