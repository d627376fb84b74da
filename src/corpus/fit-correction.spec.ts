import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fitCorrection } from './fit-correction.js';

const correction = (width: number, height: number, box: readonly [number, number, number, number]) => ({
  ...{ width, height },
  panels: [{ label: 'A', box: { x: box[0], y: box[1], width: box[2], height: box[3] } }],
});

describe('fitCorrection', () => {
  it('keeps boxes on an image of the same size, and scales them with it', () => {
    const given = correction(200, 100, [10, 20, 50, 30]);
    expect(fitCorrection(given, { width: 200, height: 100 })).toEqual(given.panels);
    expect(fitCorrection(given, { width: 400, height: 200 })).toEqual([
      { label: 'A', box: { x: 20, y: 40, width: 100, height: 60 } },
    ]);
  });

  it('does not fit an image of another shape', () => {
    expect(fitCorrection(correction(200, 100, [0, 0, 10, 10]), { width: 100, height: 200 })).toBeNull();
  });

  it('gives boxes of at least a pixel within the image, whatever its size', () => {
    const side = fc.integer({ min: 2, max: 3000 });
    fc.assert(
      fc.property(
        side,
        side,
        fc.double({ min: 0.01, max: 4, noNaN: true }),
        fc.nat(),
        fc.nat(),
        (w, h, factor, x, y) => {
          const image = { width: Math.max(1, Math.round(w * factor)), height: Math.max(1, Math.round(h * factor)) };
          const [left, top] = [x % w, y % h];
          for (const { box } of fitCorrection(correction(w, h, [left, top, w - left, h - top]), image) ?? []) {
            expect(Math.min(box.x, box.y)).toBeGreaterThanOrEqual(0);
            expect(Math.min(box.width, box.height)).toBeGreaterThanOrEqual(1);
            expect(box.x + box.width).toBeLessThanOrEqual(image.width);
            expect(box.y + box.height).toBeLessThanOrEqual(image.height);
          }
        },
      ),
    );
  });
});
