import { describe, expect, it } from '@jest/globals';
import { selectDetections, toPixels } from './detected-boxes.js';

const limits = { minScore: 0.2, maxOverlap: 0.2 };

/** Boxes of center and size, one score each. */
function select(
  ...queries: readonly (readonly [x: number, y: number, width: number, height: number, score: number])[]
) {
  const boxes = Float32Array.from(queries.flatMap(([x, y, width, height]) => [x, y, width, height]));
  return selectDetections({ boxes, scores: Float32Array.from(queries.map(([, , , , score]) => score)) }, limits);
}

describe('the answers of a panel detector', () => {
  it('count above the least score, best first', () => {
    const found = select([0.25, 0.5, 0.4, 0.5, 0.3], [0.75, 0.5, 0.4, 0.5, 0.9], [0.5, 0.1, 0.1, 0.1, 0.2]);
    expect(found.map(({ score }) => Math.round(score * 10))).toEqual([9, 3]);
    expect(found[0]?.left).toBeCloseTo(0.55);
  });

  it('give way to a better one that they overlap, and to none that they touch', () => {
    const found = select([0.3, 0.5, 0.4, 0.4, 0.5], [0.35, 0.5, 0.4, 0.4, 0.8], [0.75, 0.5, 0.4, 0.4, 0.4]);
    expect(found.map(({ score }) => Math.round(score * 10))).toEqual([8, 4]);
  });

  it('count by the best of their classes, once', () => {
    const boxes = Float32Array.of(0.25, 0.5, 0.4, 0.5, 0.75, 0.5, 0.4, 0.5);
    const found = selectDetections({ boxes, scores: Float32Array.of(0.3, 0.1, 0.25, 0.7) }, limits);
    expect(found.map(({ score }) => Math.round(score * 10))).toEqual([7, 3]);
  });

  it('are none where a score is no number', () => {
    expect(select([0.5, 0.5, 1, 1, NaN])).toEqual([]);
  });

  it('become whole pixels within the image', () => {
    const past = { left: -0.1, top: 0.104, right: 0.5, bottom: 1.2, score: 1 };
    expect(toPixels(past, 200, 100)).toEqual([{ x: 0, y: 10, width: 100, height: 90 }]);
    expect(toPixels({ ...past, left: 1.1, right: 1.3 }, 200, 100)).toEqual([]);
  });
});
