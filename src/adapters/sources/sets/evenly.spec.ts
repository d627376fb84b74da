import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isTaken } from './evenly.js';

const placesOf = (total: number, limit: number | null): readonly number[] =>
  Array.from({ length: total }, (_, place) => place).filter((place) => isTaken(place, total, limit));

describe('an evenly spread subset', () => {
  it('has as many records as asked for, and as many from each stretch', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 400 }), fc.integer({ min: 1, max: 400 }), (total, limit) => {
        const places = placesOf(total, limit);
        expect(places).toHaveLength(Math.min(total, limit));
        const gaps = places.slice(1).map((place, i) => place - (places[i] ?? 0));
        if (gaps.length > 0) expect(Math.max(...gaps) - Math.min(...gaps)).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('is the whole without a limit', () => {
    expect(placesOf(5, null)).toEqual([0, 1, 2, 3, 4]);
    expect(placesOf(10, 2)).toEqual([4, 9]);
  });
});
