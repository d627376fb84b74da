import { expect, it } from '@jest/globals';
import { placeRunLength } from './place-run-length.js';
import { decodeRunLength, encodeRunLength } from './run-length.js';

it('moves a mask of a part to its place in the image, and keeps one of the whole as it is', () => {
  const part = encodeRunLength({ width: 2, height: 2, data: Uint8Array.of(1, 0, 1, 1) });
  const placed = placeRunLength(part, { x: 1, y: 2, width: 2, height: 2 }, { width: 4, height: 5 });
  expect(placed.size).toEqual([5, 4]);
  expect([...decodeRunLength(placed).data]).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]);
  expect(placeRunLength(part, { x: 0, y: 0, width: 2, height: 2 }, { width: 2, height: 2 })).toBe(part);
});
