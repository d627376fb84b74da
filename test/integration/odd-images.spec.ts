import { describe, expect, it } from '@jest/globals';
import { decodeImage } from '../../src/imaging/decode.js';
import { deflated, numberBytes, writeTiff, type TiffParts } from '../support/tiff-writer.js';
import { linearGreyProfile, writeGreyPng } from '../support/png-writer.js';

const side = 48;
/** A picture of all levels, brighter to the right and downwards. */
const levels = Array.from({ length: side * side }, (_, i) =>
  Math.min(255, Math.floor((((i % side) + Math.floor(i / side)) * 256) / (2 * side - 2))),
);
const whole = (part: Uint8Array, rest: Omit<TiffParts, 'width' | 'height' | 'parts'>): Buffer =>
  writeTiff({ width: side, height: side, parts: [part], ...rest });

async function greyOf(file: Uint8Array): Promise<number[]> {
  const { image } = await decodeImage(file);
  expect([image.width, image.height]).toEqual([side, side]);
  return Array.from({ length: side * side }, (_, i) => image.data[3 * i] ?? -1);
}

function largest(a: readonly number[], b: readonly number[]): number {
  return Math.max(...a.map((value, i) => Math.abs(value - (b[i] ?? NaN))));
}

const times = (factor: number, plus = 0): number[] => levels.map((level) => level * factor + plus);

describe('numbers that do not fill 8 or 16 bits', () => {
  it.each<[string, Buffer]>([
    ['10-bit values in 16', whole(numberBytes(times(4), 'u16'), { bits: 16 })],
    ['12-bit values in 16', whole(numberBytes(times(16), 'u16'), { bits: 16 })],
    ['14-bit values with an offset', whole(numberBytes(times(40, 3000), 'u16'), { bits: 16 })],
    ['full 16 bits', whole(numberBytes(times(257), 'u16'), { bits: 16 })],
    ['8-bit values in 16', whole(numberBytes(levels, 'u16'), { bits: 16 })],
    [
      '12-bit values, white is zero',
      whole(
        numberBytes(
          levels.map((level) => 4080 - 16 * level),
          'u16',
        ),
        { bits: 16, photometric: 0 },
      ),
    ],
    ['signed 16 bits', whole(numberBytes(times(8, -1000), 'i16'), { bits: 16, format: 2 })],
    ['32 bits', whole(numberBytes(times(16_843_009), 'u32'), { bits: 32 })],
    ['dark 32 bits', whole(numberBytes(times(3), 'u32'), { bits: 32 })],
    ['floating point of 0 to 1', whole(numberBytes(times(1 / 255), 'f32'), { bits: 32, format: 3 })],
    ['floating point of Hounsfield units', whole(numberBytes(times(8, -1024), 'f32'), { bits: 32, format: 3 })],
    ['double precision', whole(numberBytes(times(1e-6), 'f64'), { bits: 64, format: 3 })],
    [
      'floating point, highest byte first',
      whole(numberBytes(times(1 / 255), 'f32', false), { bits: 32, format: 3, isLittle: false }),
    ],
    ['floating point in a BigTIFF', whole(numberBytes(times(1 / 255), 'f32'), { bits: 32, format: 3, isBig: true })],
    [
      'deflated floating point',
      whole(deflated(numberBytes(times(1 / 255), 'f32')), { bits: 32, format: 3, compression: 8 }),
    ],
  ])('shows %s as the picture', async (_name, file) => {
    expect(largest(await greyOf(file), levels)).toBeLessThanOrEqual(1);
  });

  it('keeps 16 bits that fill their range as they were: divided by 256', async () => {
    const values = levels.map((level, i) => level * 150 + (i % 97));
    const { image, range } = await decodeImage(whole(numberBytes(values, 'u16'), { bits: 16 }));
    expect(range).toEqual({ low: 0, high: 65_535, by: 'type' });
    expect(Array.from(image.data.filter((_, i) => i % 3 === 0))).toEqual(values.map((value) => value >> 8));
  });

  it('is not blinded by a hot pixel', async () => {
    const values = times(16);
    values[5] = 65_535;
    const shown = await greyOf(whole(numberBytes(values, 'u16'), { bits: 16 }));
    shown[5] = levels[5] ?? 0;
    expect(largest(shown, levels)).toBeLessThanOrEqual(3);
  });

  it('shows two dark fields as two pictures', async () => {
    const [one, other] = [levels.map((level) => level >> 6), levels.map((level) => (255 - level) >> 6)];
    const [a, b] = [
      await greyOf(whole(numberBytes(one, 'u16'), { bits: 16 })),
      await greyOf(whole(numberBytes(other, 'u16'), { bits: 16 })),
    ];
    expect(largest(a, b)).toBe(255);
  });

  it('takes the range that the file tells, where the values fill it', async () => {
    const values = times(8);
    const file = whole(numberBytes(values, 'u16'), { bits: 16, tags: { 281: [4080] } });
    expect((await decodeImage(file)).range).toEqual({ low: 0, high: 4080, by: 'file' });
    expect(
      largest(
        await greyOf(file),
        levels.map((level) => level / 2),
      ),
    ).toBeLessThanOrEqual(1);
    const dark = whole(numberBytes(levels, 'u16'), { bits: 16, tags: { 281: [65_000] } });
    expect(largest(await greyOf(dark), levels)).toBe(0);
  });

  it('stretches a 12-bit PNG, and not one of full 16 bits', async () => {
    const png = (values: readonly number[]) => writeGreyPng({ width: side, height: side, bits: 16, values });
    expect(largest(await greyOf(png(times(16))), levels)).toBe(0);
    expect(largest(await greyOf(png(times(257))), levels)).toBe(0);
  });

  it('gives black for what is no number, and a grey for a picture of one value', async () => {
    const values = times(1 / 255);
    values[0] = NaN;
    const shown = await greyOf(whole(numberBytes(values, 'f32'), { bits: 32, format: 3 }));
    expect(shown[0]).toBe(0);
    const flat = await greyOf(
      whole(
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
    const signed = differences(times(8, -1000)).map((value) => (value << 16) >> 16);
    expect(
      largest(await greyOf(whole(deflated(numberBytes(signed, 'i16', isLittle)), rest)), levels),
    ).toBeLessThanOrEqual(1);
    const floats = { bits: 32, format: 3 as const, compression: 8, tags: { 317: [3] }, isLittle };
    expect(largest(await greyOf(whole(deflated(apartFloats(times(1 / 255))), floats)), levels)).toBeLessThanOrEqual(1);
  });
});

describe('channels beyond the colors', () => {
  const rgb = Uint8Array.from(levels.flatMap((level) => [level, 255 - level, 40]));
  const withFourth = (fourth: number) =>
    Uint8Array.from({ length: side * side * 4 }, (_, i) =>
      i % 4 === 3 ? fourth : (rgb[Math.floor(i / 4) * 3 + (i % 4)] ?? 0),
    );

  it('takes an unspecified one for no transparency', async () => {
    const rest = { bits: 8, samples: 4, photometric: 2 };
    const { image } = await decodeImage(whole(withFourth(0), { ...rest, tags: { 338: [0] } }));
    expect(Buffer.from(image.data).equals(Buffer.from(rgb))).toBe(true);
    const clear = await decodeImage(whole(withFourth(0), { ...rest, tags: { 338: [2] } }));
    expect(new Set(clear.image.data)).toEqual(new Set([255]));
  });

  it.each([2, 3, 4, 5, 7])('refuses a stack of %d grey channels, with that number', async (samples) => {
    const file = whole(new Uint8Array(side * side * samples), { bits: 8, samples });
    await expect(decodeImage(file)).rejects.toThrow(new RegExp(`grey TIFF of ${samples} channels.*export one channel`));
  });

  it('gives CMYK of 5 channels and of 16 bits the pixels of plain CMYK', async () => {
    const ink = Uint8Array.from({ length: side * side * 4 }, (_, i) => (i * 7) % 256);
    const five = (fifth: number) =>
      Uint8Array.from({ length: side * side * 5 }, (_, i) =>
        i % 5 === 4 ? fifth : (ink[Math.floor(i / 5) * 4 + (i % 5)] ?? 0),
      );
    const plain = await decodeImage(whole(ink, { bits: 8, samples: 4, photometric: 5 }));
    const deep = numberBytes(
      Array.from(ink, (value) => value * 257),
      'u16',
    );
    for (const file of [
      whole(five(0), { bits: 8, samples: 5, photometric: 5, tags: { 338: [0] } }),
      whole(five(255), { bits: 8, samples: 5, photometric: 5, tags: { 338: [2] } }),
      whole(deep, { bits: 16, samples: 4, photometric: 5 }),
    ]) {
      const { image } = await decodeImage(file);
      expect(Buffer.from(image.data).equals(Buffer.from(plain.image.data))).toBe(true);
    }
  });
});

describe('refusals', () => {
  const grey = Uint8Array.from(levels);

  it.each<[string, Buffer, RegExp]>([
    ['a compression', whole(grey, { bits: 8, compression: 34_887 }), /TIFF with LERC compression; save it with LZW/],
    ['another compression', whole(grey, { bits: 8, compression: 50_000 }), /TIFF with Zstandard compression/],
    ['an unknown compression', whole(grey, { bits: 8, compression: 61_234 }), /compression 61234|damaged/],
    ['CIELAB', whole(grey, { bits: 8, samples: 3, photometric: 8 }), /CIELAB TIFF; convert it to an 8-bit RGB/],
    ['camera raw', whole(grey, { bits: 8, photometric: 32_803 }), /camera raw/],
    ['complex numbers', whole(grey, { bits: 64, tags: { 339: [6] } }), /TIFF of complex numbers/],
    ['64-bit whole numbers', whole(grey, { bits: 64 }), /64-bit unsigned numbers/],
    ['subsampled YCbCr', whole(grey, { bits: 8, samples: 3, photometric: 6 }), /subsampled YCbCr \(2 × 2\)/],
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
    const parts = tile ? Array.from({ length: 9 }, (_, i) => pack(grey.slice(i * 256, i * 256 + 256))) : [pack(grey)];
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
  const linear = { width: side, height: side, profile: linearGreyProfile() };
  const eight = writeGreyPng({ ...linear, bits: 8, values: levels });
  const sixteen = writeGreyPng({ ...linear, bits: 16, values: times(257) });
  /** Of an amount of light, what a screen is to show (IEC 61966-2-1). */
  const screen = levels.map((level) => {
    const light = level / 255;
    return 255 * (light <= 0.003_130_8 ? 12.92 * light : 1.055 * light ** (1 / 2.4) - 0.055);
  });

  it.each([
    ['8', eight],
    ['16', sixteen],
  ])('are ignored for the model and applied for people, at %s bits', async (_bits, file) => {
    expect(await greyOf(file)).toEqual(levels);
    const { image } = await decodeImage(file, { profile: 'applied' });
    // Below, Little CMS follows the curve's steep beginning only roughly.
    const bright = levels.flatMap((level, i) => (level < 8 ? [] : [i]));
    const apart = bright.map((i) => Math.abs((image.data[3 * i] ?? -1) - (screen[i] ?? NaN)));
    expect(Math.max(...apart)).toBeLessThanOrEqual(1.5);
  });
});
