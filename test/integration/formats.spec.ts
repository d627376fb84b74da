import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from '@jest/globals';
import { FigseekError } from '../../src/domain/errors.js';
import { decodeImage } from '../../src/images/decode.js';
import { renderThumbnail } from '../../src/images/encode.js';
import { describeWithShared, sharedDir } from '../shared.js';

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
