import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from '@jest/globals';
import { describeDicom, renderDicom, type DicomContent } from '../../src/adapters/sources/dicom/read-dicom.js';
import { FigseekError } from '../../src/domain/errors.js';
import { decodeImage } from '../../src/imaging/decode.js';
import { encodePixelsPng, encodePng } from '../../src/imaging/encode.js';
import { describeWithShared, sharedDir } from '../support/shared.js';

/** What an independent reader (render_dicom.py beside the files) made of a file. */
interface Expected {
  readonly file: string;
  readonly treat: string;
  readonly tolerance: number | null;
  readonly pixelSpacing: readonly number[] | null;
  readonly transferSyntax: { readonly uid: string } | null;
  readonly renderings?: readonly { readonly frame: number | string; readonly png: string }[];
}

const folder = path.join(sharedDir, 'data/acceptance/dicom/open');
const expected: readonly Expected[] = existsSync(folder)
  ? (JSON.parse(readFileSync(path.join(folder, 'expected.json'), 'utf8')) as Expected[])
  : [];
const whole = expected.filter(({ treat }) => treat === 'ok');

/**
 * One level of its 8-bit JPEG is spread over 21 levels of the screen by its window; decoders that both keep to the standard
 * differ by one level in some pixels (ISO/IEC 10918-2), so that its mean alone is compared.
 */
const spreadByWindow = 'CTImage.dcm_JPEGProcess1TransferSyntax_1.2.840.10008.1.2.4.50.dcm';

function readFile(name: string): Uint8Array {
  return readFileSync(path.join(folder, name));
}

/** Red, green and blue of a frame, as it is stored. */
async function pixelsOf(bytes: Uint8Array, frame: number): Promise<Uint8Array> {
  const { width, height, channels, data } = await renderDicom(bytes, frame);
  const png = channels === 1 ? encodePixelsPng({ width, height, channels, data }) : encodePng({ width, height, data });
  return (await decodeImage(await png)).image.data;
}

/** Mean difference in levels, and the share of pixels whose greatest difference is more than the tolerance. */
function compare(found: Uint8Array, wanted: Uint8Array, tolerance: number): { mean: number; outside: number } {
  let [sum, outside] = [0, 0];
  for (let i = 0; i < wanted.length; i += 3) {
    const differences = [0, 1, 2].map((color) => Math.abs((found[i + color] ?? 0) - (wanted[i + color] ?? 0)));
    const greatest = Math.max(...differences);
    sum += greatest;
    if (greatest > tolerance) outside++;
  }
  return { mean: (3 * sum) / wanted.length, outside: (3 * outside) / wanted.length };
}

describeWithShared('DICOM files of the acceptance set', () => {
  it('are there', () => {
    expect(whole.length).toBeGreaterThanOrEqual(35);
  });

  it.each(whole)('$file is rendered as the independent reader renders it', async ({ file, tolerance, renderings }) => {
    const bytes = readFile(file);
    for (const { frame, png } of renderings ?? []) {
      // A slide that is put together is no figure: its tiles are.
      if (typeof frame !== 'number') continue;
      const wanted = (await decodeImage(readFile(png))).image.data;
      const found = await pixelsOf(bytes, frame);
      expect(found.length).toBe(wanted.length);
      const { mean, outside } = compare(found, wanted, tolerance ?? 1);
      expect(mean).toBeLessThanOrEqual(1);
      if (file !== spreadByWindow) expect(outside).toBeLessThanOrEqual(0.005);
    }
  });

  it.each(whole)('$file has the spacing of its pixels, and shows the frames that were rendered', (one) => {
    const content = describeDicom(readFile(one.file)) as Extract<DicomContent, { kind: 'image' }>;
    const spacing = one.pixelSpacing?.every((distance) => distance > 0) === true ? one.pixelSpacing : null;
    expect(content.shown[0]?.pixelSpacing ?? null).toEqual(spacing);
    const shown = content.shown.map(({ frame }) => frame);
    const rendered = (one.renderings ?? []).flatMap(({ frame }) => (typeof frame === 'number' ? [frame] : []));
    expect(shown).toEqual(expect.arrayContaining(rendered));
  });

  it.each(expected.filter(({ treat }) => treat !== 'ok'))('$file is rendered or refused with a code', async (one) => {
    const outcome = await renderDicom(readFile(one.file), 0).catch((error: unknown) => error);
    if (one.treat.startsWith('fault')) expect(outcome).toBeInstanceOf(FigseekError);
    else expect(outcome instanceof FigseekError || (outcome as { width: number }).width > 0).toBe(true);
  });
});
