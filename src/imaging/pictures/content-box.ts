import type { GrayImage } from './gray-image.js';

/** Pixels; may lie between pixels. */
export interface Frame {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A line belongs to the border where all but one in fifty of its pixels are this near to its middle value. */
const tolerance = 10;
const allowedShare = 0.02;
/** At least this share of each side stays. */
const leastShare = 0.2;

/** What is left of an image without its uniform border, each side by its own color. */
export function contentBox(image: GrayImage): Frame {
  const { width, height, data } = image;
  const row = (y: number) => data.subarray(y * width, (y + 1) * width);
  const column = (x: number) => Float32Array.from({ length: height }, (_, y) => data[y * width + x] ?? 0);
  const [top, bottom] = trim(height, row);
  const [left, right] = trim(width, column);
  return { x: left, y: top, width: right - left, height: bottom - top };
}

/** The first line that is no border, and the one behind the last. */
function trim(length: number, line: (at: number) => Float32Array): readonly [number, number] {
  let start = 0;
  let end = length;
  const first = middle(line(0));
  const last = middle(line(length - 1));
  while (start < length && isUniform(line(start), first)) start++;
  while (end > start && isUniform(line(end - 1), last)) end--;
  return end - start < leastShare * length ? [0, length] : [start, end];
}

function middle(values: Float32Array): number {
  return Float32Array.from(values).sort()[values.length >> 1] ?? 0;
}

function isUniform(values: Float32Array, color: number): boolean {
  let others = 0;
  for (const value of values) if (Math.abs(value - color) > tolerance) others++;
  return others <= allowedShare * values.length;
}
