import { describe, expect, it } from '@jest/globals';
import { maskPixels } from './mask-pixels.js';
import { encodeRunLength } from './run-length.js';

describe('the pixels of a mask', () => {
  // A 4 × 3 block at the left border of a 6 × 4 panel: two pixels have all neighbors inside but for the border's.
  const data = Uint8Array.from({ length: 24 }, (_, i) => Number(i % 6 < 4 && i < 18));
  const rle = encodeRunLength({ width: 6, height: 4, data });

  it('are white inside and black outside', () => {
    const picture = maskPixels(rle, { size: null, color: null });
    expect(picture).toEqual({ width: 6, height: 4, channels: 1, data: data.map((inside) => 255 * inside) });
  });

  it('are colored inside, solid at the border and clear outside', () => {
    const { channels, data: pixels } = maskPixels(rle, { size: null, color: 'e6194b' });
    expect(channels).toBe(4);
    const alphas = Array.from({ length: 24 }, (_, i) => pixels[4 * i + 3]);
    expect(alphas).toEqual([
      ...[255, 255, 255, 255, 0, 0],
      ...[255, 110, 110, 255, 0, 0],
      ...[255, 255, 255, 255, 0, 0],
      ...[0, 0, 0, 0, 0, 0],
    ]);
    expect([...pixels.subarray(28, 32)]).toEqual([0xe6, 0x19, 0x4b, 110]);
    expect([...pixels.subarray(16, 20)]).toEqual([0, 0, 0, 0]);
  });
});
