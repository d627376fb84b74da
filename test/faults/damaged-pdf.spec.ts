import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { figureAsPng, readPdf } from '../../src/adapters/sources/pdf/pdf-reader.js';
import { FigseekError } from '../../src/domain/errors.js';
import { SeededRandom } from '../../src/domain/seeded-random.js';
import { drawnImage } from '../support/pdf-articles.js';
import { imageAt, textAt, writePdf, type PdfImage } from '../support/pdf-writer.js';
import { damage, damagedCount } from './damage.js';

const page = (image: PdfImage) => ({
  content: [imageAt('I', 100, 400, 192, 168), textAt(100, 385, 'Figure 1. A caption of it.'), '0 0 m 10 10 l S'],
  images: { I: image },
});
const [width, height] = [48, 48];
const files = [
  writePdf([page(drawnImage(1, width, height))], { info: '/Title (A made-up article) /Author (Ada Byron)' }),
  writePdf([page({ width, height, data: new Uint8Array(6 * height).fill(0x5a), form: 'bits' })]),
  writePdf([page({ width, height, data: new Uint8Array(width * height).fill(7), form: 'gray' })]),
];

describe('damaged PDFs', () => {
  it('give figures, or are refused with a code', async () => {
    const random = new SeededRandom('damaged PDFs');
    const folder = mkdtempSync(path.join(tmpdir(), 'damaged-pdf-'));
    const total = damagedCount(400);
    const outcomes = { figures: 0, empty: 0, refused: 0 };
    for (let count = 0; count < total; count++) {
      // Another name each time, as the thread keeps the last file.
      const name = `${count}.pdf`;
      writeFileSync(path.join(folder, name), damage(files[count % files.length] ?? Buffer.alloc(0), random));
      try {
        const { figures } = await readPdf(folder, name);
        for (const figure of figures) await figureAsPng(folder, name, figure);
        outcomes[figures.length > 0 ? 'figures' : 'empty']++;
      } catch (error) {
        if (!(error instanceof FigseekError)) throw error;
        expect(['BAD_USER_INPUT', 'UNSUPPORTED_MEDIA', 'PAYLOAD_TOO_LARGE', 'TIMEOUT']).toContain(error.code);
        outcomes.refused++;
      }
    }
    expect(outcomes.figures).toBeGreaterThan(total / 20);
    expect(outcomes.refused).toBeGreaterThan(total / 20);
  });
});
