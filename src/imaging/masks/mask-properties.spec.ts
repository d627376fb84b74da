import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { bitmaps } from '../../../test/support/arbitraries.js';
import { findComponents } from './components.js';
import { traceOutline, type Ring } from './outline.js';
import { decodeRunLength, encodeRunLength, runsOf } from './run-length.js';

describe('any mask', () => {
  it('comes back from its run lengths as it was', () => {
    fc.assert(
      fc.property(bitmaps(40), (mask) => {
        const { width, height, data } = decodeRunLength(encodeRunLength(mask));
        expect({ width, height, data: [...data] }).toEqual({ ...mask, data: [...mask.data] });
      }),
    );
  });

  it('has runs that cover it, of which only the first may be empty', () => {
    fc.assert(
      fc.property(bitmaps(40), (mask) => {
        const runs = runsOf(mask);
        expect(runs.reduce((sum, run) => sum + run, 0)).toBe(mask.width * mask.height);
        expect(runs.slice(1).every((run) => run > 0)).toBe(true);
      }),
    );
  });

  it('has an outline for each part, with the middles of its pixels inside and of all others outside', () => {
    fc.assert(
      fc.property(bitmaps(14), (mask) => {
        const polygons = traceOutline(mask);
        expect(polygons).toHaveLength(findComponents(mask, 4).parts.length);
        const rings = polygons.flatMap(({ outer, holes }) => [outer, ...holes]);
        for (const ring of rings) expect(ring.at(-1)).toEqual(ring[0]);
        const inside = Array.from(mask.data, (_, at) =>
          Number(isInside(rings, (at % mask.width) + 0.5, Math.floor(at / mask.width) + 0.5)),
        );
        expect(inside).toEqual([...mask.data]);
      }),
    );
  });
});

/** By the number of edges that a ray to the right crosses. */
function isInside(rings: readonly Ring[], x: number, y: number): boolean {
  let crossings = 0;
  for (const ring of rings) {
    for (const [at, [x1, y1]] of ring.entries()) {
      const [x2, y2] = ring[at + 1] ?? [x1, y1];
      if (y1 > y !== y2 > y && x < x1 + ((y - y1) / (y2 - y1)) * (x2 - x1)) crossings++;
    }
  }
  return crossings % 2 === 1;
}
