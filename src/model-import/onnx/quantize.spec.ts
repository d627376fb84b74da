import { describe, expect, it } from '@jest/globals';
import { quantizeColumns } from './quantize.js';

describe('the integers of a matrix', () => {
  it('stand within half a step of each value, by the scale of their column', () => {
    const values = Float32Array.from({ length: 60 }, (_, i) => Math.sin(i * i) * (i % 3 === 0 ? 100 : 0.01));
    const { integers, scales } = quantizeColumns(values, [20, 3]);
    const errors = values.map((value, i) => Math.abs(value - (integers[i] ?? 0) * (scales[i % 3] ?? 0)));
    const inSteps = [...errors].map((error, i) => error / (scales[i % 3] ?? 0));
    expect(Math.max(...inSteps)).toBeLessThanOrEqual(0.5001);
  });

  it('never lets two products of bytes overflow 16 bits', () => {
    const { integers } = quantizeColumns(Float32Array.of(-1, 1, 1, -1, 0.3, 7), [3, 2]);
    const largest = Math.max(...integers.map(Math.abs));
    expect(2 * 255 * largest).toBeLessThan(2 ** 15);
    expect(largest).toBe(63);
  });

  it('are zeros for a column of zeros', () => {
    const { integers, scales } = quantizeColumns(Float32Array.of(0, -3, 0, 3), [2, 2]);
    expect([...integers]).toEqual([0, -63, 0, 63]);
    expect([...scales].every(Number.isFinite)).toBe(true);
  });
});
