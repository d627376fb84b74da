import { describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { joinPages } from '../../../test/support/tiff-pages.js';
import { numberBytes, writeTiff } from '../../../test/support/tiff-writer.js';
import { decodeImage } from '../decode.js';
import type { ReadAt } from './directories.js';
import { listPages, readPage } from './page-files.js';

const maxBytes = 1_000_000;

function readAtOf(file: Uint8Array): ReadAt {
  return (position, length) =>
    position + length <= file.length
      ? Promise.resolve(file.subarray(position, position + length))
      : Promise.reject(new RangeError('past the end'));
}

/** A page of one gray value; 16-bit pages have values that fill their range. */
function page(level: number, bits: 8 | 16, options: Partial<Parameters<typeof writeTiff>[0]> = {}) {
  const values = Array.from({ length: 48 }, (_, i) => (bits === 8 ? level : level * 257 - (i % 7)));
  const part = bits === 8 ? Uint8Array.from(values) : numberBytes(values, 'u16');
  return { width: 8, height: 6, bits, parts: [part], ...options };
}

describe('pages of a TIFF as files of their own', () => {
  it.each([
    [false, true],
    [true, true],
    [false, false],
    [true, false],
  ])('decode to what the page shows (BigTIFF: %s, little-endian: %s)', async (isBig, isLittle) => {
    const levels = [10, 90, 200];
    const file = joinPages(levels.map((level) => ({ ...page(level, 8), isBig, isLittle })));
    const { pages } = await listPages(readAtOf(file));
    expect(pages.map(({ number }) => number)).toEqual([1, 2, 3]);
    for (const [at, one] of pages.entries()) {
      const single = await readPage(readAtOf(file), one, maxBytes);
      const { image, pages: count } = await decodeImage(single);
      expect({ count, level: image.data[0] }).toEqual({ count: 1, level: levels[at] });
    }
  });

  it('take the pages that sharp writes, compressed and in tiles', async () => {
    const frames = [30, 160].map((level) => Buffer.alloc(64 * 64 * 3, level));
    const file = await sharp(Buffer.concat(frames), { raw: { width: 64, height: 128, channels: 3, pageHeight: 64 } })
      .tiff({ compression: 'deflate', tile: true, tileWidth: 32, tileHeight: 32 })
      .toBuffer();
    const { pages } = await listPages(readAtOf(file));
    expect(pages).toHaveLength(2);
    const second = await decodeImage(await readPage(readAtOf(file), pages[1] ?? { number: 0, directory: 0 }, maxBytes));
    expect([second.width, second.height, second.image.data[0]]).toEqual([64, 64, 160]);
  });

  it('are not thumbnails, nor copies in lower resolution', async () => {
    const small = { width: 4, height: 3, parts: [new Uint8Array(12)] };
    const thumbnail = page(70, 8, { ...small, width: 4, height: 2, parts: [new Uint8Array(8)], tags: { 254: [1] } });
    const file = joinPages([page(50, 8), thumbnail, page(60, 8, small), page(80, 8)]);
    expect((await listPages(readAtOf(file))).pages.map(({ number }) => number)).toEqual([1, 4]);
  });

  it('are read up to damage, and not in a circle', async () => {
    const file = joinPages([page(10, 8), page(20, 8)]);
    const circle = joinPages([page(10, 8), page(20, 8)], true);
    expect((await listPages(readAtOf(circle))).pages).toHaveLength(2);
    const cut = await listPages(readAtOf(file.subarray(0, file.length - 4)));
    expect([cut.pages.length, cut.isCut]).toEqual([1, true]);
    expect(await listPages(readAtOf(Buffer.from('no TIFF at all')))).toEqual({ pages: [], isCut: false });
  });

  it('are refused where they are larger than is allowed', async () => {
    const file = joinPages([page(10, 16), page(20, 16)]);
    const [, second = { number: 0, directory: 0 }] = (await listPages(readAtOf(file))).pages;
    await expect(readPage(readAtOf(file), second, 50)).rejects.toThrow(RangeError);
  });
});
