import { describe, expect, it } from '@jest/globals';
import { decodeImage } from '../../src/imaging/decode.js';
import { decodeGray, levels, scaleLevels, side, writeStrip } from '../support/level-images.js';
import { deflated, numberBytes, writeTiff } from '../support/tiff-writer.js';
import { linearGrayProfile, writeGrayPng } from '../support/png-writer.js';

describe('channels beyond the colors', () => {
  const rgb = Uint8Array.from(levels.flatMap((level) => [level, 255 - level, 40]));
  const withFourth = (fourth: number) =>
    Uint8Array.from({ length: side * side * 4 }, (_, i) =>
      i % 4 === 3 ? fourth : (rgb[Math.floor(i / 4) * 3 + (i % 4)] ?? 0),
    );

  it('takes an unspecified one for no transparency', async () => {
    const rest = { bits: 8, samples: 4, photometric: 2 };
    const { image } = await decodeImage(writeStrip(withFourth(0), { ...rest, tags: { 338: [0] } }));
    expect(Buffer.from(image.data).equals(Buffer.from(rgb))).toBe(true);
    const clear = await decodeImage(writeStrip(withFourth(0), { ...rest, tags: { 338: [2] } }));
    expect(new Set(clear.image.data)).toEqual(new Set([255]));
  });

  it.each([2, 3, 4, 5, 7])('refuses a stack of %d gray channels, with that number', async (samples) => {
    const file = writeStrip(new Uint8Array(side * side * samples), { bits: 8, samples });
    await expect(decodeImage(file)).rejects.toThrow(new RegExp(`gray TIFF of ${samples} channels.*export one channel`));
  });

  it('gives CMYK of 5 channels and of 16 bits the pixels of plain CMYK', async () => {
    const ink = Uint8Array.from({ length: side * side * 4 }, (_, i) => (i * 7) % 256);
    const five = (fifth: number) =>
      Uint8Array.from({ length: side * side * 5 }, (_, i) =>
        i % 5 === 4 ? fifth : (ink[Math.floor(i / 5) * 4 + (i % 5)] ?? 0),
      );
    const plain = await decodeImage(writeStrip(ink, { bits: 8, samples: 4, photometric: 5 }));
    const deep = numberBytes(
      Array.from(ink, (value) => value * 257),
      'u16',
    );
    for (const file of [
      writeStrip(five(0), { bits: 8, samples: 5, photometric: 5, tags: { 338: [0] } }),
      writeStrip(five(255), { bits: 8, samples: 5, photometric: 5, tags: { 338: [2] } }),
      writeStrip(deep, { bits: 16, samples: 4, photometric: 5 }),
    ]) {
      const { image } = await decodeImage(file);
      expect(Buffer.from(image.data).equals(Buffer.from(plain.image.data))).toBe(true);
    }
  });
});

describe('refusals', () => {
  const gray = Uint8Array.from(levels);

  it.each<[string, Buffer, RegExp]>([
    [
      'a compression',
      writeStrip(gray, { bits: 8, compression: 34_887 }),
      /TIFF with LERC compression; save it with LZW/,
    ],
    ['another compression', writeStrip(gray, { bits: 8, compression: 50_000 }), /TIFF with Zstandard compression/],
    ['an unknown compression', writeStrip(gray, { bits: 8, compression: 61_234 }), /compression 61234|damaged/],
    ['CIELAB', writeStrip(gray, { bits: 8, samples: 3, photometric: 8 }), /CIELAB TIFF; convert it to an 8-bit RGB/],
    ['camera raw', writeStrip(gray, { bits: 8, photometric: 32_803 }), /camera raw/],
    ['complex numbers', writeStrip(gray, { bits: 64, tags: { 339: [6] } }), /TIFF of complex numbers/],
    ['64-bit whole numbers', writeStrip(gray, { bits: 64 }), /64-bit unsigned numbers/],
    ['subsampled YCbCr', writeStrip(gray, { bits: 8, samples: 3, photometric: 6 }), /subsampled YCbCr \(2 × 2\)/],
    ['a BMP', Buffer.from(`BM${' '.repeat(60)}`), /received a BMP image; convert it to an 8-bit PNG/],
    ['a gzip', Buffer.from([0x1f, 0x8b, 8, 0]), /received a gzip archive/],
    ['an HEIC', Buffer.from('\0\0\0\x18ftypheic\0\0\0\0', 'latin1'), /received a HEIC image/],
  ])('say what %s is', async (_name, file, message) => {
    await expect(decodeImage(file)).rejects.toThrow(message);
  });

  it.each([
    ['one strip', undefined, 1],
    ['tiles', [16, 16], 1],
    ['deflated tiles', [16, 16], 8],
  ] as const)('a cut file of %s is damaged, wherever it is cut', async (_name, tile, compression) => {
    const pack = compression === 8 ? deflated : (part: Uint8Array) => part;
    const parts = tile ? Array.from({ length: 9 }, (_, i) => pack(gray.slice(i * 256, i * 256 + 256))) : [pack(gray)];
    const file = writeTiff({ width: side, height: side, parts, bits: 8, compression, ...(tile && { tile }) });
    await expect(decodeImage(file)).resolves.toBeDefined();
    // Its directory stands at the end: the pixels are cut out of the middle. libtiff itself sets right the byte count of a
    // single strip, as old writers got it wrong.
    for (const part of tile ? [0, parts.length - 1] : []) {
      const shorter = parts.map((one, i) => (i === part ? one.subarray(0, one.length - 20) : one));
      const cut = writeTiff({ width: side, height: side, parts: shorter, bits: 8, compression, ...(tile && { tile }) });
      await expect(decodeImage(cut)).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
    }
    for (const share of [0.2, 0.7, 0.95]) {
      const cut = file.subarray(0, Math.floor(file.length * share));
      await expect(decodeImage(cut)).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
    }
  });

  it('a tile that lies is no way to take memory', async () => {
    const bomb = deflated(new Uint8Array(2 ** 24));
    const file = writeTiff({ width: side, height: side, parts: [bomb], bits: 32, format: 3, compression: 8 });
    await expect(decodeImage(file)).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
    const huge = writeTiff({
      width: side,
      height: side,
      parts: [bomb],
      bits: 32,
      format: 3,
      compression: 8,
      tile: [60_000, 60_000],
    });
    await expect(decodeImage(huge)).rejects.toMatchObject({ code: 'PAYLOAD_TOO_LARGE' });
  });
});

describe('ICC profiles', () => {
  const linear = { width: side, height: side, profile: linearGrayProfile() };
  const eight = writeGrayPng({ ...linear, bits: 8, values: levels });
  const sixteen = writeGrayPng({ ...linear, bits: 16, values: scaleLevels(257) });
  /** Of an amount of light, what a screen is to show (IEC 61966-2-1). */
  const screen = levels.map((level) => {
    const light = level / 255;
    return 255 * (light <= 0.003_130_8 ? 12.92 * light : 1.055 * light ** (1 / 2.4) - 0.055);
  });

  it.each([
    ['8', eight],
    ['16', sixteen],
  ])('are ignored for the model and applied for people, at %s bits', async (_bits, file) => {
    expect(await decodeGray(file)).toEqual(levels);
    const { image } = await decodeImage(file, { profile: 'applied' });
    // Below, Little CMS follows the curve's steep beginning only roughly.
    const bright = levels.flatMap((level, i) => (level < 8 ? [] : [i]));
    const apart = bright.map((i) => Math.abs((image.data[3 * i] ?? -1) - (screen[i] ?? NaN)));
    expect(Math.max(...apart)).toBeLessThanOrEqual(1.5);
  });
});
