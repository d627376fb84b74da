import { describe, expect, it } from '@jest/globals';
import { comparePaired, estimateMean, quantile } from './statistics.js';

const seed = 'spec';

describe('the interval of a mean', () => {
  it('is that of the binomial distribution for shares', () => {
    // 30 of 100: the standard error is √(0.3 · 0.7 / 100) = 0.0458, so that the 95 % interval is 0.3 ± 0.0898.
    const values = Array.from({ length: 100 }, (_, i) => Number(i < 30));
    const { mean, low, high } = estimateMean(values, { seed }) ?? { mean: 0, low: 0, high: 0 };
    expect(mean).toBeCloseTo(0.3, 12);
    expect(Math.abs(low - 0.2102)).toBeLessThan(0.015);
    expect(Math.abs(high - 0.3898)).toBeLessThan(0.015);
  });

  it('has all resamples of two values between them: a quarter at each end', () => {
    // The means of two draws from {0, 1} are 0, ½ and 1 in the shares ¼, ½, ¼.
    expect(estimateMean([0, 1], { seed })).toEqual({ mean: 0.5, low: 0, high: 1 });
  });

  it('is the same for the same seed, and hardly another one for another seed', () => {
    const values = Array.from({ length: 50 }, (_, i) => (i * 37) % 11);
    const once = estimateMean(values, { seed });
    expect(estimateMean(values, { seed })).toEqual(once);
    const other = estimateMean(values, { seed: 'another' });
    expect(other).not.toEqual(once);
    expect(Math.abs((other?.low ?? 0) - (once?.low ?? 9))).toBeLessThan(0.2);
  });

  it('is wider where alike values belong together', () => {
    const values = Array.from({ length: 80 }, (_, i) => Number(i < 40));
    const groups = values.map((_, i) => `article ${Math.floor(i / 20)}`);
    const [alone, together] = [undefined, groups].map((given) => estimateMean(values, { seed, groups: given }));
    expect(together?.mean).toBe(0.5);
    expect(alone?.low).toBeGreaterThan(0.35);
    // All four groups without a hit: 1 of 16 resamples, more than a fortieth.
    expect(together).toMatchObject({ low: 0, high: 1 });
  });

  it('does not exist for nothing, and is a point for equal values', () => {
    expect(estimateMean([], { seed })).toBeNull();
    expect(estimateMean([1, 1, 1], { seed })).toEqual({ mean: 1, low: 1, high: 1 });
  });
});

describe('the comparison of two ways', () => {
  it('has the exact p-value of few queries', () => {
    // Each of five queries is better by 1: of the 32 changes of sign only all plus and all minus are as large.
    const comparison = comparePaired([1, 1, 1, 1, 1], [0, 0, 0, 0, 0], { seed });
    expect(comparison).toEqual({ difference: { mean: 1, low: 1, high: 1 }, pValue: 2 / 32 });
    // Differences 1, 1, -1: the sum is 1; every one of the eight sums is ±1 or ±3.
    expect(comparePaired([1, 1, 0], [0, 0, 1], { seed })?.pValue).toBe(1);
    // Differences 3, 2, -1: the sum is 4; as large are ±6 and ±4 of ±6, ±4, ±2 and 0.
    expect(comparePaired([3, 2, 0], [0, 0, 1], { seed })?.pValue).toBe(0.5);
  });

  it('tells a difference in many queries from chance', () => {
    const first = Array.from({ length: 60 }, (_, i) => i % 3);
    const better = comparePaired(
      first.map((value) => value + 1),
      first,
      { seed },
    );
    expect(better?.pValue).toBeLessThan(0.001);
    const turned = comparePaired(
      first.map((_, i) => i % 2),
      first.map((_, i) => (i + 1) % 2),
      { seed },
    );
    expect(turned?.pValue).toBeGreaterThan(0.9);
    expect(turned?.difference.low).toBeLessThan(0);
    expect(turned?.difference.high).toBeGreaterThan(0);
  });

  it('finds nothing in one group, however many queries it has', () => {
    const ones = Array.from({ length: 40 }, () => 1);
    const zeros = ones.map(() => 0);
    expect(comparePaired(ones, zeros, { seed })?.pValue).toBeLessThan(0.001);
    expect(comparePaired(ones, zeros, { seed, groups: ones.map(() => 'one') })?.pValue).toBe(1);
  });

  it('is of the same queries', () => {
    expect(() => comparePaired([1], [1, 2], { seed })).toThrow('values of the same queries but received 1 and 2');
    expect(comparePaired([], [], { seed })).toBeNull();
  });
});

describe('a quantile', () => {
  it('lies between the two nearest values', () => {
    expect([0, 0.25, 0.5, 1].map((share) => quantile([10, 20, 40], share))).toEqual([10, 15, 20, 40]);
  });
});
