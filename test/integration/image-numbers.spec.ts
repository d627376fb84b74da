import { describe, expect, it } from '@jest/globals';
import { decodeImage } from '../../src/imaging/decode.js';
import { decodeGray, levels, maxDifference, scaleLevels, side, writeStrip } from '../support/level-images.js';
import { deflated, numberBytes } from '../support/tiff-writer.js';
import { writeGrayPng } from '../support/png-writer.js';

describe('numbers that do not fill 8 or 16 bits', () => {
  it.each<[string, Buffer]>([
    ['10-bit values in 16', writeStrip(numberBytes(scaleLevels(4), 'u16'), { bits: 16 })],
    ['12-bit values in 16', writeStrip(numberBytes(scaleLevels(16), 'u16'), { bits: 16 })],
    ['14-bit values with an offset', writeStrip(numberBytes(scaleLevels(40, 3000), 'u16'), { bits: 16 })],
    ['full 16 bits', writeStrip(numberBytes(scaleLevels(257), 'u16'), { bits: 16 })],
    ['8-bit values in 16', writeStrip(numberBytes(levels, 'u16'), { bits: 16 })],
    [
      '12-bit values, white is zero',
      writeStrip(
        numberBytes(
          levels.map((level) => 4080 - 16 * level),
          'u16',
        ),
        { bits: 16, photometric: 0 },
      ),
    ],
    ['signed 16 bits', writeStrip(numberBytes(scaleLevels(8, -1000), 'i16'), { bits: 16, format: 2 })],
    ['32 bits', writeStrip(numberBytes(scaleLevels(16_843_009), 'u32'), { bits: 32 })],
    ['dark 32 bits', writeStrip(numberBytes(scaleLevels(3), 'u32'), { bits: 32 })],
    ['floating point of 0 to 1', writeStrip(numberBytes(scaleLevels(1 / 255), 'f32'), { bits: 32, format: 3 })],
    [
      'floating point of Hounsfield units',
      writeStrip(numberBytes(scaleLevels(8, -1024), 'f32'), { bits: 32, format: 3 }),
    ],
    ['double precision', writeStrip(numberBytes(scaleLevels(1e-6), 'f64'), { bits: 64, format: 3 })],
    [
      'floating point, highest byte first',
      writeStrip(numberBytes(scaleLevels(1 / 255), 'f32', false), { bits: 32, format: 3, isLittle: false }),
    ],
    [
      'floating point in a BigTIFF',
      writeStrip(numberBytes(scaleLevels(1 / 255), 'f32'), { bits: 32, format: 3, isBig: true }),
    ],
    [
      'deflated floating point',
      writeStrip(deflated(numberBytes(scaleLevels(1 / 255), 'f32')), { bits: 32, format: 3, compression: 8 }),
    ],
  ])('shows %s as the image', async (_name, file) => {
    expect(maxDifference(await decodeGray(file), levels)).toBeLessThanOrEqual(1);
  });

  it('keeps 16 bits that fill their range as they were: divided by 256', async () => {
    const values = levels.map((level, i) => level * 150 + (i % 97));
    const { image, range } = await decodeImage(writeStrip(numberBytes(values, 'u16'), { bits: 16 }));
    expect(range).toEqual({ low: 0, high: 65_535, by: 'type' });
    expect(Array.from(image.data.filter((_, i) => i % 3 === 0))).toEqual(values.map((value) => value >> 8));
  });

  it('is not blinded by a hot pixel', async () => {
    const values = scaleLevels(16);
    values[5] = 65_535;
    const shown = await decodeGray(writeStrip(numberBytes(values, 'u16'), { bits: 16 }));
    shown[5] = levels[5] ?? 0;
    expect(maxDifference(shown, levels)).toBeLessThanOrEqual(3);
  });

  it('shows two dark fields as two images', async () => {
    const [one, other] = [levels.map((level) => level >> 6), levels.map((level) => (255 - level) >> 6)];
    const [a, b] = [
      await decodeGray(writeStrip(numberBytes(one, 'u16'), { bits: 16 })),
      await decodeGray(writeStrip(numberBytes(other, 'u16'), { bits: 16 })),
    ];
    expect(maxDifference(a, b)).toBe(255);
  });

  it('takes the range that the file tells, where the values fill it', async () => {
    const values = scaleLevels(8);
    const file = writeStrip(numberBytes(values, 'u16'), { bits: 16, tags: { 281: [4080] } });
    expect((await decodeImage(file)).range).toEqual({ low: 0, high: 4080, by: 'file' });
    expect(
      maxDifference(
        await decodeGray(file),
        levels.map((level) => level / 2),
      ),
    ).toBeLessThanOrEqual(1);
    const dark = writeStrip(numberBytes(levels, 'u16'), { bits: 16, tags: { 281: [65_000] } });
    expect(maxDifference(await decodeGray(dark), levels)).toBe(0);
  });

  it('stretches a 12-bit PNG, and not one of full 16 bits', async () => {
    const png = (values: readonly number[]) => writeGrayPng({ width: side, height: side, bits: 16, values });
    expect(maxDifference(await decodeGray(png(scaleLevels(16))), levels)).toBe(0);
    expect(maxDifference(await decodeGray(png(scaleLevels(257))), levels)).toBe(0);
  });

  it('gives black for what is no number, and a gray for an image of one value', async () => {
    const values = scaleLevels(1 / 255);
    values[0] = NaN;
    const shown = await decodeGray(writeStrip(numberBytes(values, 'f32'), { bits: 32, format: 3 }));
    expect(shown[0]).toBe(0);
    const flat = await decodeGray(
      writeStrip(
        numberBytes(
          levels.map(() => 7),
          'u16',
        ),
        { bits: 16 },
      ),
    );
    expect(new Set(flat)).toEqual(new Set([127]));
  });
});

/** Rows of differences of neighbors, as predictor 2 keeps them. */
function differences(values: readonly number[]): number[] {
  return values.map((value, i) => (i % side === 0 ? value : (value - (values[i - 1] ?? 0)) & 0xffff));
}

/** As predictor 3 keeps 32-bit floating point: of each row all highest bytes first, then differences of bytes. */
function apartFloats(values: readonly number[]): Uint8Array {
  const bytes = numberBytes(values, 'f32', false);
  const out = new Uint8Array(bytes.length);
  for (let row = 0; row < side; row++) {
    const start = row * side * 4;
    for (let i = 0; i < side * 4; i++) out[start + (i % 4) * side + (i >> 2)] = bytes[start + i] ?? 0;
    for (let i = side * 4 - 1; i > 0; i--) out[start + i] = (out[start + i] ?? 0) - (out[start + i - 1] ?? 0);
  }
  return out;
}

describe('predictors, in either order of bytes', () => {
  it.each([true, false])('take back differences (lowest byte first: %p)', async (isLittle) => {
    const rest = { bits: 16, format: 2 as const, compression: 8, tags: { 317: [2] }, isLittle };
    const signed = differences(scaleLevels(8, -1000)).map((value) => (value << 16) >> 16);
    expect(
      maxDifference(await decodeGray(writeStrip(deflated(numberBytes(signed, 'i16', isLittle)), rest)), levels),
    ).toBeLessThanOrEqual(1);
    const floats = { bits: 32, format: 3 as const, compression: 8, tags: { 317: [3] }, isLittle };
    expect(
      maxDifference(await decodeGray(writeStrip(deflated(apartFloats(scaleLevels(1 / 255))), floats)), levels),
    ).toBeLessThanOrEqual(1);
  });
});
