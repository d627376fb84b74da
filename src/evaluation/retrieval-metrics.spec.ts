import { describe, expect, it } from '@jest/globals';
import { mean, medianRank, precisionAt, ranking, recallAt } from './retrieval-metrics.js';

describe('retrieval metrics', () => {
  it('count hits within the first k', () => {
    expect(recallAt([1, 3, 11, 10], 10)).toBe(0.75);
    expect(precisionAt([true, false, true, false], 4)).toBe(0.5);
    expect(precisionAt([true], 10)).toBe(0.1);
  });

  it('take the lower middle rank', () => {
    expect(medianRank([9, 1, 4, 2])).toBe(2);
    expect(medianRank([])).toBeNull();
  });

  it('break ties by index', () => {
    expect(ranking([0.1, 0.5, 0.5, 0.9])).toEqual([3, 1, 2, 0]);
  });

  it('have no mean of nothing', () => {
    expect(mean([])).toBeNull();
    expect(mean([1, 2])).toBe(1.5);
  });
});
