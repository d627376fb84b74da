import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { Bitmap } from './components.js';
import { decodeRunLength, encodeRunLength, runsOf } from './run-length.js';

function bitmap(width: number, height: number, isInside: (x: number, y: number) => boolean): Bitmap {
  const data = new Uint8Array(width * height);
  for (let i = 0; i < data.length; i++) data[i] = Number(isInside(i % width, Math.floor(i / width)));
  return { width, height, data };
}

/** Strings that pycocotools 2.0 gave for the same masks. */
const known: readonly (readonly [string, Bitmap, string])[] = [
  ['a full mask', bitmap(2, 2, () => true), '04'],
  ['one pixel in the middle', bitmap(3, 3, (x, y) => x === 1 && y === 1), '414'],
  ['an empty mask', bitmap(3, 2, () => false), '6'],
  [
    'a disc',
    bitmap(50, 40, (x, y) => (x - 25) ** 2 + (y - 18) ** 2 < 150),
    'h`05P16K4M2N2N2O0O2O000O2O00000001N10001N101N2N2N3L5Jc>',
  ],
];

describe('run lengths', () => {
  it.each(known)('are those of pycocotools for %s', (_name, mask, counts) => {
    expect(encodeRunLength(mask)).toEqual({ size: [mask.height, mask.width], counts });
  });

  it('are those of pycocotools for many runs, some of them longer than five bits', () => {
    const striped = bitmap(200, 300, (x, y) => (x * 7 + y * 13) % 97 < 31);
    const { counts } = encodeRunLength(striped);
    expect(counts).toHaveLength(16_031);
    expect(createHash('sha256').update(counts).digest('hex')).toBe(
      '9e2b6771dc20dc3cd4d0bebc6fae1311116f5d09bbbb9e36f99febd77eebbb12',
    );
    const wide = encodeRunLength(bitmap(1000, 1000, (x, y) => x >= 500 && y >= 3 && y < 990)).counts;
    expect({ start: wide.slice(0, 12), length: wide.length }).toEqual({ start: 'SYX?kn0=0000', length: 1006 });
  });

  it('begin with the outside, also where the first pixel is inside', () => {
    expect(runsOf(bitmap(2, 2, (x) => x === 0))).toEqual([0, 2, 2]);
  });

  it.each([...known.map(([, mask]) => mask), bitmap(200, 300, (x, y) => (x * 7 + y * 13) % 97 < 31)])(
    'are read back to the mask that they were made from (%#)',
    (mask) => {
      expect(decodeRunLength(encodeRunLength(mask))).toEqual(mask);
    },
  );

  it('are read smaller, each pixel as its middle, and never larger', () => {
    const left = encodeRunLength(bitmap(100, 40, (x) => x < 50));
    const small = decodeRunLength(left, 10);
    expect(small).toEqual(bitmap(10, 4, (x) => x < 5));
    expect(decodeRunLength(left, 500)).toEqual(bitmap(100, 40, (x) => x < 50));
    const strip = decodeRunLength(encodeRunLength(bitmap(1000, 3, () => true)), 10);
    expect([strip.width, strip.height]).toEqual([10, 1]);
  });
});
