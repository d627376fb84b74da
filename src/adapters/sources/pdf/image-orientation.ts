import type { Matrix } from './geometry.js';

/** How the pixels of an image are turned to stand as on the page: first swapped (rows to columns), then mirrored. */
export interface Orientation {
  readonly swap: boolean;
  readonly mirrorX: boolean;
  readonly mirrorY: boolean;
}

/** @returns null for an image that stands at an angle */
export function orientationOf([a, b, c, d]: Matrix): Orientation | null {
  const slack = 0.01 * Math.max(Math.abs(a), Math.abs(b), Math.abs(c), Math.abs(d));
  // The rows of an image go down the page, and its unit square goes up.
  if (Math.abs(b) <= slack && Math.abs(c) <= slack) return { swap: false, mirrorX: a < 0, mirrorY: d > 0 };
  if (Math.abs(a) <= slack && Math.abs(d) <= slack) return { swap: true, mirrorX: c > 0, mirrorY: b < 0 };
  return null;
}

/** Pixels with interleaved channels. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3 | 4;
  readonly data: Uint8Array;
}

/** The pixels as they stand on the page. */
export function orient(pixels: Pixels, { swap, mirrorX, mirrorY }: Orientation): Pixels {
  if (!swap && !mirrorX && !mirrorY) return pixels;
  const { channels } = pixels;
  const [width, height] = swap ? [pixels.height, pixels.width] : [pixels.width, pixels.height];
  const data = new Uint8Array(width * height * channels);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [u, v] = [mirrorX ? width - 1 - x : x, mirrorY ? height - 1 - y : y];
      const from = channels * (swap ? u * pixels.width + v : v * pixels.width + u);
      const to = channels * (y * width + x);
      for (let channel = 0; channel < channels; channel++) data[to + channel] = pixels.data[from + channel] ?? 0;
    }
  }
  return { width, height, channels, data };
}
