import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { SetEvaluation } from '../../src/app/evaluate-set.js';
import type { RawImage } from '../../src/domain/raw-image.js';
import { decodeImage } from '../../src/imaging/decode.js';
import { encodePixelsPng, encodePng } from '../../src/imaging/encode.js';
import { newPlace, run } from '../support/figseek-process.js';
import { drawFigures, newSetFolder, put, type DrawnFigure } from '../support/public-set-folders.js';

const place = newPlace();

describe('figseek eval FOLDER --set biomedparse-test', () => {
  it('measures masks by modality: those that the segmenter draws itself, and their opposites', async () => {
    const folder = newSetFolder();
    const figures = (await drawFigures(24)).filter(({ objects }) => objects.length > 0);
    // The first data set names its prompts, the second one leaves them to the names of its masks.
    const own = await firstDrawn(figures, (object) => object.toLowerCase());
    put(folder, 'One/test/a_CT_abdomen.png', await encodePng(own.image));
    put(folder, 'One/test_mask/a_CT_abdomen_it.png', await encodeMask(own, 1));
    const annotation = { file_name: 'a_CT_abdomen.png', mask_file: 'a_CT_abdomen_it.png' };
    put(
      folder,
      'One/test.json',
      JSON.stringify({ annotations: [{ ...annotation, sentences: [{ raw: own.object }] }] }),
    );
    const other = await firstDrawn(figures, (object) => `${object.toLowerCase()} in chest x-ray`);
    const target = other.object.replaceAll(' ', '+');
    put(folder, 'Deep/Two/test/b_X-Ray_chest.png', await encodePng(other.image));
    const opposite = { ...other, mask: other.mask.map((value) => 1 - value) };
    put(folder, `Deep/Two/test_mask/b_X-Ray_chest_${target}.png`, await encodeMask(opposite, 255));
    put(folder, 'Deep/Two/test_mask/c_X-Ray_chest_lung.png', await encodeMask(other, 255));
    const { code, stdout } = await run(place, ['eval', folder, '--set', 'biomedparse-test', '--json']);
    expect(code).toBe(1);
    const found = JSON.parse(stdout) as SetEvaluation;
    expect(found).toMatchObject({ model: 'starter-segmenter', total: 3, records: 2, split: 'test' });
    expect(found.leftOut.map(({ sourceKey }) => sourceKey)).toEqual(['Deep/Two/test/c_X-Ray_chest.png']);
    const dice = new Map(found.compared.map(({ measure, measured }) => [measure, measured.mean]));
    expect([...dice]).toEqual([
      ['Dice (all)', 0.5],
      ['Dice (X-Ray)', 0],
      ['Dice (CT)', 1],
    ]);
    expect(found.compared.map(({ published }) => published[0]?.value)).toEqual([0.872, 0.9767, 0.8637]);
    expect(found.masks?.figures.map(({ prompt }) => prompt)).toEqual([
      null,
      `${other.object.toLowerCase()} in chest x-ray`,
      own.object.toLowerCase(),
    ]);
  });
});

/** An object that the segmenter finds in a figure. */
interface DrawnMask {
  readonly image: RawImage;
  readonly object: string;
  /** 1 inside */
  readonly mask: Uint8Array;
}

/** The first object of the figures of which `figseek segment` draws something, asked by a prompt. */
async function firstDrawn(figures: readonly DrawnFigure[], promptOf: (object: string) => string): Promise<DrawnMask> {
  for (const { image, objects } of figures) {
    for (const object of objects) {
      const mask = await drawnMask(image, promptOf(object));
      // Two empty masks would cover each other wholly.
      if (mask.includes(1) && mask.includes(0)) return { image, object, mask };
    }
  }
  throw new Error('The segmenter finds nothing in any figure');
}

async function drawnMask(image: RawImage, prompt: string): Promise<Uint8Array> {
  const folder = newSetFolder();
  const file = put(folder, 'image.png', await encodePng(image));
  const { code, stderr } = await run(place, ['segment', file, '--prompt', prompt, '--out', path.join(folder, 'masks')]);
  expect({ code, stderr }).toMatchObject({ code: 0 });
  const [drawn = ''] = readdirSync(path.join(folder, 'masks'));
  const { image: mask } = await decodeImage(readFileSync(path.join(folder, 'masks', drawn)));
  return Uint8Array.from({ length: mask.width * mask.height }, (_, i) => Number((mask.data[3 * i] ?? 0) > 0));
}

function encodeMask({ mask, image: { width, height } }: DrawnMask, inside: number): Promise<Buffer> {
  return encodePixelsPng({ width, height, channels: 1, data: mask.map((value) => inside * value) });
}
