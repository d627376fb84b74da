import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from '@jest/globals';
import { FigseekError } from '../../src/domain/errors.js';
import { decodeImage } from '../../src/imaging/decode.js';
import { renderThumbnail } from '../../src/imaging/encode.js';
import { describeWithShared, sharedDir } from '../support/shared.js';

const formats = path.join(sharedDir, 'data', 'formats');

interface FormatCase {
  readonly file: string;
  readonly expect: string;
}

function cases(): readonly FormatCase[] {
  const index = path.join(formats, 'index.jsonl');
  if (!existsSync(index)) return [];
  return readFileSync(index, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as FormatCase);
}

describeWithShared('odd and hostile image files', () => {
  it.each(cases().filter((one) => one.expect.startsWith('ok')))('reads $file', async ({ file }) => {
    const { image } = await decodeImage(readFileSync(path.join(formats, file)));
    expect(image.data.length).toBe(image.width * image.height * 3);
  });

  it.each(cases().filter((one) => /^(?:reject|unsupported)/.test(one.expect)))('refuses $file', async ({ file }) => {
    await expect(decodeImage(readFileSync(path.join(formats, file)))).rejects.toBeInstanceOf(FigseekError);
  });

  it('lets no metadata and no foreign bytes out', async () => {
    for (const file of ['exif-gps.jpg', 'polyglot-zip.jpg']) {
      const { bytes } = await renderThumbnail(readFileSync(path.join(formats, file)), 320, {});
      const text = Buffer.from(bytes).toString('latin1');
      expect(text).not.toMatch(/Exif|GPS|PK\u0005\u0006/);
    }
  });
});

const caseDir = path.join(sharedDir, 'data', 'cases');
const imagesOf = (folder: string): readonly string[] =>
  existsSync(path.join(caseDir, folder))
    ? readdirSync(path.join(caseDir, folder))
        .filter((name) => /\.(?:tif|png|jpg|avif|jp2)$/.test(name) && !/^(?:expected|raw)/.test(name))
        .map((name) => `${folder}/${name}`)
    : [];
const decoded = (name: string) => decodeImage(readFileSync(path.join(caseDir, name)));

async function differenceOf(name: string, expected: string): Promise<{ largest: number; mean: number }> {
  const [a, b] = [(await decoded(name)).image.data, (await decoded(expected)).image.data];
  expect(a.length).toBe(b.length);
  const apart = a.map((value, i) => Math.abs(value - (b[i] ?? 0)));
  const largest = apart.reduce((most, one) => Math.max(most, one), 0);
  return { largest, mean: apart.reduce((sum, one) => sum + one, 0) / apart.length };
}

describeWithShared('pictures that once came out black, white or scrambled', () => {
  it.each(imagesOf('tiff-compression'))('refuses %s by the name of its compression', async (name) => {
    await expect(decoded(name)).rejects.toThrow(
      /a TIFF with (?:JPEG 2000|JPEG XL|LERC|LZMA|PNG|Zstandard) compression; save it with/,
    );
  });

  it.each(imagesOf('tiff-damaged').filter((name) => name.endsWith('.tif')))('refuses %s as damaged', async (name) => {
    await expect(decoded(name)).rejects.toThrow(/^The tiff file is damaged/);
  });

  it.each(imagesOf('tiff-number-range').filter((name) => !name.endsWith('-b.png')))(
    'shows %s by its range',
    async (name) => {
      expect((await differenceOf(name, 'tiff-number-range/expected.png')).largest).toBeLessThanOrEqual(1);
    },
  );

  it('keeps two dark fields apart', async () => {
    const other = await differenceOf('tiff-number-range/cells-12in16-b.png', 'tiff-number-range/expected.png');
    expect(other.mean).toBeGreaterThan(20);
  });

  it('takes an unspecified channel for no transparency, and refuses stacks of channels by their number', async () => {
    const folder = 'tiff-channels';
    const rgb = await differenceOf(`${folder}/rgb-extra-unspec.tif`, `${folder}/expected-rgb-extra-unspec.png`);
    expect(rgb.largest).toBe(0);
    for (const count of [2, 4, 5]) {
      await expect(decoded(`${folder}/${count}ch.tif`)).rejects.toThrow(`a gray TIFF of ${count} channels`);
    }
  });

  it('shows uncompressed YCbCr in its colors', async () => {
    expect((await differenceOf('tiff-ycbcr/ycbcr.tif', 'tiff-ycbcr/expected.png')).largest).toBeLessThanOrEqual(3);
  });

  it.each(imagesOf('cmyk-channels'))('gives %s the pixels of plain CMYK', async (name) => {
    expect((await differenceOf(name, 'cmyk-channels/expected.png')).largest).toBe(0);
  });

  it.each(imagesOf('icc-profile').filter((name) => name.endsWith('.png')))(
    'gives the model %s as if it had no profile',
    async (name) => {
      const plain = /-(?:wide|mac)/.test(name) ? 'raw-colour.png' : 'raw-grey.png';
      expect((await differenceOf(name, `icc-profile/${plain}`)).largest).toBe(0);
    },
  );

  it('shows people the same gray of 8 and of 16 bits by its profile', async () => {
    const shown = async (name: string) =>
      (await renderThumbnail(readFileSync(path.join(caseDir, 'icc-profile', name)), 320, {})).bytes;
    expect((await shown('icc-g16-g18.png')).equals(await shown('icc-g18.png'))).toBe(true);
    expect((await shown('icc-g18.png')).equals(await shown('raw-grey.png'))).toBe(false);
  });

  it.each([
    ['cgbi.png', /PNG of Apple’s own variant \(CgBI\); convert it to a standard 8-bit PNG/],
    ['jpg-12bit.jpg', /a 12-bit JPEG; convert it to an 8-bit PNG/],
    ['lab.tif', /a CIELAB TIFF; convert it to an 8-bit RGB or gray PNG/],
    ['x.jp2', /a JPEG 2000 image; convert it to an 8-bit PNG/],
  ])('says what %s is and what to do', async (name, message) => {
    await expect(decoded(`media-messages/${name}`)).rejects.toThrow(message);
  });

  it('reads an AVIF', async () => {
    const { format, image, range } = await decoded('media-messages/x.avif');
    expect({ format, width: image.width, height: image.height, range }).toEqual({
      ...{ format: 'avif', width: 320, height: 240, range: null },
    });
    // Pillow's means of red, green and blue.
    [36.27, 45.82, 35.07].forEach((expected, band) => {
      const values = image.data.filter((_, i) => i % 3 === band);
      expect(values.reduce((sum, value) => sum + value, 0) / values.length).toBeCloseTo(expected, 0);
    });
  });

  it.each(['12bit-packed.tif', 'double01.tif'])('shows %s', async (name) => {
    expect((await differenceOf(`media-messages/${name}`, 'tiff-number-range/expected.png')).largest).toBeLessThan(2);
  });
});
