import { describe, expect, it } from '@jest/globals';
import { SeededRandom } from '../../domain/seeded-random.js';
import { blur, convolve, convolvePortably, type GrayImage } from './gray-image.js';

function noise(width: number, height: number): GrayImage {
  const random = new SeededRandom(`${width} ${height}`);
  return { width, height, data: Float32Array.from({ length: width * height }, () => 255 * random.unit()) };
}

describe('a blur', () => {
  // Where no compiler is, both are one: that the compiled loops are there on CI is shown by the tests of vector search.
  it.each([
    [140, 140, 5],
    [1, 1, 3],
    [1, 30, 7],
    [30, 1, 7],
    [3, 5, 21],
    [67, 33, 13],
  ])('of %i × %i pixels by %i weights is the same compiled and in JavaScript', (width, height, length) => {
    const image = noise(width, height);
    const random = new SeededRandom('kernel');
    const kernel = Float32Array.from({ length }, () => random.unit() - 0.3);
    const [compiled, portable] = [convolve(image, kernel), convolvePortably(image, kernel)];
    expect([compiled.width, compiled.height]).toEqual([width, height]);
    expect(compiled.data).toEqual(portable.data);
  });

  it('keeps an even image, and the sum of a spot', () => {
    const even = { width: 9, height: 7, data: new Float32Array(63).fill(100) };
    for (const value of blur(even, 1.5).data) expect(value).toBeCloseTo(100, 3);
    const spot = { width: 21, height: 21, data: new Float32Array(441) };
    spot.data[220] = 1;
    const blurred = blur(spot, 2);
    expect(blurred.data.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 5);
    expect(blurred.data[220]).toBe(Math.max(...blurred.data));
  });
});
