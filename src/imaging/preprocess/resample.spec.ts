import { describe, expect, it } from '@jest/globals';
import { portable, resampler, resampling } from './resample.js';

/** Values without a pattern, extremes among them. */
function noise(length: number): Uint8Array {
  let state = 7;
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const value = state >>> 24;
    return value < 40 ? 0 : value > 215 ? 255 : value;
  });
}

// Where no compiler is, both are one: that the compiled passes are there on CI is shown by the tests of vector search.
describe('the compiled passes of a resize', () => {
  it.each([
    [1000, 750, 224, 'bicubic'],
    [37, 500, 48, 'bicubic'],
    [640, 60, 64, 'bicubic'],
    [20, 30, 224, 'bicubic'],
    [225, 224, 224, 'bicubic'],
    [1000, 750, 224, 'bilinear'],
    [20, 30, 224, 'bilinear'],
  ] as const)('give the pixels of the portable ones: %i × %i to %i, %s', (width, height, size, interpolation) => {
    const image = { width, height, data: noise(width * height * 3) };
    const columns = resampling(width, size + 5, { offset: 2, length: size, interpolation });
    const rows = resampling(height, size + 9, { offset: 4, length: size, interpolation });
    const strip = portable.columns(image, columns, rows);
    expect(Buffer.compare(resampler().columns(image, columns, rows), strip)).toBe(0);
    expect(Buffer.compare(resampler().rows(strip, rows), portable.rows(strip, rows))).toBe(0);
  });
});
