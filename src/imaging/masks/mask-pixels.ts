import { decodeRunLength, type RunLength } from './run-length.js';

/** How a mask is to be shown. */
export interface MaskStyle {
  /** Longest side, never enlarged; null for the panel's own size. */
  readonly size: number | null;
  /** Six hexadecimal digits, to lay over the panel; null for white on black. */
  readonly color: string | null;
}

/** Row by row. */
export interface MaskPixels {
  readonly width: number;
  readonly height: number;
  /** Gray; or red, green, blue, alpha. */
  readonly channels: 1 | 4;
  readonly data: Uint8Array<ArrayBuffer>;
}

/** Of 255: the image shows through the inside, the border is solid. */
const [insideAlpha, borderAlpha] = [110, 255];

/** A mask as pixels: 0 or 255; or colored inside, clear outside, its border drawn inside it. */
export function maskPixels(rle: RunLength, { size, color }: MaskStyle): MaskPixels {
  const { width, height, data } = decodeRunLength(rle, size);
  if (color === null) return { width, height, channels: 1, data: data.map((inside) => 255 * inside) };
  const [inner, border] = [insideAlpha, borderAlpha].map((alpha) => wordOf(color, alpha));
  const words = new Uint32Array(data.length);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at++) {
      if (data[at] === 0) continue;
      const isInner =
        y > 0 &&
        y < height - 1 &&
        x > 0 &&
        x < width - 1 &&
        data[at - width] === 1 &&
        data[at + width] === 1 &&
        data[at - 1] === 1 &&
        data[at + 1] === 1;
      words[at] = (isInner ? inner : border) ?? 0;
    }
  }
  return { width, height, channels: 4, data: new Uint8Array(words.buffer) };
}

/** The four bytes of a pixel as one number, in this machine's order. */
function wordOf(color: string, alpha: number): number {
  const [red = 0, green = 0, blue = 0] = Buffer.from(color, 'hex');
  return new Uint32Array(Uint8Array.of(red, green, blue, alpha).buffer)[0] ?? 0;
}
