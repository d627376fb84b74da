import { describe, expect, it } from '@jest/globals';
import { joinTiles } from './image-tiles.js';
import type { PlacedImage } from './page-marks.js';

/** An upright tile of 10 × 10 pixels, a pixel a point. */
function tile(left: number, top: number): PlacedImage {
  const box = { left, top, right: left + 10, bottom: top + 10 };
  return { hash: `${left} ${top}`, width: 10, height: 10, box, matrix: [10, 0, 0, -10, left, top + 10] };
}

describe('tiles of a picture', () => {
  it('become one picture where they fill a rectangle', () => {
    const joined = joinTiles([tile(0, 0), tile(10, 0), tile(0, 10), tile(10, 10)]);
    expect(joined).toMatchObject({ width: 20, height: 20 });
    expect(joined?.parts.map(({ x, y }) => [x, y])).toEqual([
      [0, 0],
      [10, 0],
      [0, 10],
      [10, 10],
    ]);
  });

  it('are none where one lies on another, and leaves a gap of the same size', () => {
    expect(joinTiles([tile(0, 0), tile(0, 0), tile(10, 10), tile(0, 10)])).toBeNull();
  });
});
