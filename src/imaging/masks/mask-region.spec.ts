import { describe, expect, it } from '@jest/globals';
import { regionAround } from './mask-region.js';

const panel = { x: 100, y: 50, width: 400, height: 200 };

describe('the region of a mask', () => {
  it('is the box round all parts with a margin of its own size, in fractions of the panel', () => {
    const parts = [
      { x: 250, y: 120, width: 40, height: 10 },
      { x: 320, y: 125, width: 10, height: 15 },
    ];
    // 80 × 20, with 80 more to each side and 20 more above and below.
    expect(regionAround(parts, panel)).toEqual({ x: 70 / 400, y: 50 / 200, width: 240 / 400, height: 60 / 200 });
  });

  it('ends where the panel does', () => {
    expect(regionAround([{ x: 110, y: 230, width: 60, height: 20 }], panel)).toEqual({
      ...{ x: 0, width: 130 / 400 },
      ...{ y: 160 / 200, height: 40 / 200 },
    });
    expect(regionAround([panel], panel)).toEqual({ x: 0, y: 0, width: 1, height: 1 });
  });
});
