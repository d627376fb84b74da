import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { packageRoot } from '../../src/app/config.js';
import { sha256 } from '../../src/domain/ids.js';
import type { ImagePreparation } from '../../src/domain/image-preparation.js';
import type { RawImage } from '../../src/domain/raw-image.js';
import { prepareImage } from '../../src/imaging/preprocess/preprocess.js';

/** What open_clip 2.24 with Pillow 9.5 gives (tools/golden/preparations.py). */
interface Case extends ImagePreparation {
  readonly width: number;
  readonly height: number;
  readonly sha256: string;
  /** The first values, to see what differs. */
  readonly first: readonly number[];
}

const file = path.join(packageRoot, 'test/golden/preparations.json');
const cases = JSON.parse(readFileSync(file, 'utf8')) as readonly Case[];

/** The image of tools/golden/preparations.py, value by value. */
function ruledImage(width: number, height: number): RawImage {
  const data = Uint8Array.from({ length: width * height * 3 }, (_, i) => {
    const mixed = Math.imul(i + width, 1_664_525) + 1_013_904_223;
    return (Math.imul(mixed, 22_695_477) + 1) >>> 24;
  });
  return { width, height, data };
}

describe('an image that is prepared for a dual encoder', () => {
  it.each(cases.map((one) => [one.resizeMode, one.interpolation, one.width, one.height, one.size, one] as const))(
    'by %s %s: %i × %i to %i has the pixels of open_clip',
    (_mode, _interpolation, width, height, _size, { sha256: expected, first, ...preparation }) => {
      const pixels = prepareImage(ruledImage(width, height), preparation);
      expect([...pixels.subarray(0, 6)]).toEqual(first);
      expect(sha256(pixels)).toBe(expected);
    },
  );

  it('has a row of pixels where the official code cannot take so long a strip', () => {
    const preparation = { size: 49, resizeMode: 'longest', interpolation: 'bicubic', fill: 7 } as const;
    const pixels = prepareImage(ruledImage(1000, 7), preparation);
    const rows = Array.from({ length: 49 }, (_, row) => pixels.subarray(row * 147, (row + 1) * 147));
    expect(rows.filter((row) => row.some((value) => value !== 7))).toHaveLength(1);
  });
});
