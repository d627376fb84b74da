import { describe, expect, it } from '@jest/globals';
import { FigureSet } from './figure-scope.js';

describe('a set of figures', () => {
  const set = FigureSet.of([3, 64, 7, 8]);

  it('gives its numbers from any place, in both directions', () => {
    expect(set.above(0, 10)).toEqual([3, 7, 8, 64]);
    expect([set.above(3, 2), set.above(64, 2)]).toEqual([[7, 8], []]);
    expect(set.below(Infinity, 10)).toEqual([64, 8, 7, 3]);
    expect([set.below(8, 1), set.below(3, 5)]).toEqual([[7], []]);
    expect(set.bound).toBeGreaterThanOrEqual(64);
  });

  it('may be empty', () => {
    const none = FigureSet.of([]);
    expect([none.above(0, 5), none.below(Infinity, 5), none.has(0)]).toEqual([[], [], false]);
  });

  it('counts what any of several holds', () => {
    const other = FigureSet.of([7, 500]);
    expect(FigureSet.countUnion([set, other], null)).toBe(5);
    expect(FigureSet.countUnion([set, other], FigureSet.of([7, 8, 9, 500]))).toBe(3);
    expect(FigureSet.countUnion([set, other], FigureSet.of([8]))).toBe(1);
    expect([FigureSet.countUnion([], null), FigureSet.countUnion([set], FigureSet.of([]))]).toEqual([0, 0]);
  });
});
