import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { dot } from '../domain/vector.js';
import { measureRanks, rankPairs } from './caption-pairs.js';
import { ranking } from './retrieval-metrics.js';

const at = (degrees: number): Float32Array =>
  Float32Array.of(Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180));

describe('pairs of captions and images', () => {
  it('rank each query by its own item', () => {
    // Nearest to 40° is 45° (its own), to 50° are 45° and 60°, to 0° are 45°, 60° and 90°.
    expect(rankPairs([40, 51, 0].map(at), [45, 60, 90].map(at))).toEqual([
      { rank: 1, first: 0 },
      { rank: 2, first: 0 },
      { rank: 3, first: 0 },
    ]);
  });

  it('have the ranks that sorting gives, of equal scores the earlier item first', () => {
    // Few directions, so that many items are alike.
    const degrees = fc.array(fc.integer({ min: 0, max: 11 }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(degrees, fc.integer({ min: 1, max: 5 }), (given, turn) => {
        const items = given.map((one) => at(30 * one));
        const queries = given.map((one) => at(30 * one * turn));
        const sorted = queries.map((query, right) => {
          const order = ranking(items.map((item) => dot(query, item)));
          return { rank: order.indexOf(right) + 1, first: order[0] };
        });
        expect(rankPairs(queries, items)).toEqual(sorted);
      }),
    );
  });

  it('have recall at each depth with its interval, and the chance of a random order', () => {
    const figures = measureRanks([1, 2, 4, 40], { seed: 'spec' });
    expect(figures).toMatchObject({ queries: 4, recallAt1: 0.25, recallAt5: 0.75, recallAt10: 0.75, recallAt50: 1 });
    expect(figures.meanReciprocalRank).toBeCloseTo((1 + 1 / 2 + 1 / 4 + 1 / 40) / 4, 12);
    expect(figures.medianRank).toBe(2);
    expect(figures.intervals.recallAt50).toEqual({ mean: 1, low: 1, high: 1 });
    const wide = figures.intervals.recallAt5;
    expect([wide?.mean, (wide?.low ?? 1) < 0.5, wide?.high]).toEqual([0.75, true, 1]);
    expect(
      measureRanks(
        Array.from({ length: 40 }, () => 1),
        { seed: 'spec' },
      ).chanceAt10,
    ).toBeCloseTo(0.25, 12);
  });

  it('measure nothing where there are none', () => {
    expect(measureRanks([], { seed: 'spec' })).toMatchObject({
      ...{ queries: 0, recallAt1: 0, medianRank: null, chanceAt10: 0 },
      intervals: { recallAt1: null, meanReciprocalRank: null },
    });
  });
});
