import { describe, expect, it } from '@jest/globals';
import {
  chanceReciprocalRank,
  chanceWithin,
  mean,
  medianRank,
  precisionAt,
  ranking,
  recallAt,
  reciprocalRank,
  rPrecision,
} from './retrieval-metrics.js';

describe('retrieval metrics', () => {
  it('count hits within the first k', () => {
    expect(recallAt([1, 3, 11, 10], 10)).toBe(0.75);
    expect(recallAt([1, null], 200)).toBe(0.5);
    expect(precisionAt([true, false, true, false], 4)).toBe(0.5);
    expect(precisionAt([true], 10)).toBe(0.1);
  });

  it('take the lower middle rank, and none where it was not ranked', () => {
    expect(medianRank([9, 1, 4, 2])).toBe(2);
    expect(medianRank([])).toBeNull();
    expect(medianRank([null, 3, null, 7])).toBe(7);
    expect(medianRank([null, 3, null])).toBeNull();
  });

  it('give a reciprocal rank, and nothing for what was not found', () => {
    expect([1, 4, null].map(reciprocalRank)).toEqual([1, 0.25, 0]);
  });

  it('give 1 for an answer that begins with all that is relevant', () => {
    expect(rPrecision([true, true, false, true], 2)).toBe(1);
    expect(rPrecision([false, true, true, false], 2)).toBe(0.5);
    expect(rPrecision([true], 4)).toBe(0.25);
    expect(rPrecision([], 0)).toBe(0);
  });

  it('break ties by index', () => {
    expect(ranking([0.1, 0.5, 0.5, 0.9])).toEqual([3, 1, 2, 0]);
  });

  it('have no mean of nothing', () => {
    expect(mean([])).toBeNull();
    expect(mean([1, 2])).toBe(1.5);
  });
});

describe('chance', () => {
  it('is k of n for one right item', () => {
    expect(chanceWithin(10, 1, 200)).toBeCloseTo(0.05, 12);
    expect(chanceWithin(10, 1, 4)).toBe(1);
  });

  it('counts the draws without a right item for several', () => {
    // 2 right ones of 5, the first 2: C(3, 2) of C(5, 2) draws hold none.
    expect(chanceWithin(2, 2, 5)).toBeCloseTo(1 - 3 / 10, 12);
    expect(chanceWithin(2, 4, 5)).toBe(1);
    expect(chanceWithin(3, 0, 5)).toBe(0);
  });

  it('is the harmonic mean of the places for the reciprocal rank', () => {
    // One right item of three stands in each place with a third: (1 + 1/2 + 1/3) / 3.
    expect(chanceReciprocalRank(3, 1, 3)).toBeCloseTo(11 / 18, 12);
    expect(chanceReciprocalRank(2, 1, 3)).toBeCloseTo(0.5, 12);
    // Two of three: first with 2/3, second with 1/3.
    expect(chanceReciprocalRank(3, 2, 3)).toBeCloseTo(2 / 3 + 1 / 6, 12);
  });
});
