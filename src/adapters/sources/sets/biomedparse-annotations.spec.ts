import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { annotationsOf, parseMaskName } from './biomedparse-annotations.js';

function folderWith(json: unknown): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'annotations-'));
  mkdirSync(path.join(folder, 'LGG'));
  writeFileSync(path.join(folder, 'LGG/test.json'), JSON.stringify(json));
  return folder;
}

describe('objects of a BiomedParse data set', () => {
  it.each([
    [
      'p1_7_MRI-FLAIR_brain_lower-grade+glioma.png',
      'p1_7_MRI-FLAIR_brain.png',
      'MRI-FLAIR',
      'lower-grade glioma in brain mri-flair',
    ],
    ['x_CT_abdomen_left+adrenal+gland.png', 'x_CT_abdomen.png', 'CT', 'left adrenal gland in abdomen ct'],
  ])('are told by the name of a mask: %s', (mask, image, modality, prompt) => {
    expect(parseMaskName(mask)).toEqual({ mask, image, modality, prompt });
  });

  it('are not told by a name of another form', () => {
    expect(parseMaskName('CT_abdomen_liver.png')).toBeNull();
  });

  it('are read from test.json, with the first sentence in small letters', async () => {
    const annotation = {
      file_name: 'a_X-Ray_chest.png',
      mask_file: 'a_X-Ray_chest_left+lung.png',
      sentences: [{ raw: 'Left Lung in chest X-Ray' }, { raw: 'another' }],
    };
    expect(await annotationsOf(folderWith({ images: [], annotations: [annotation] }), 'LGG', 'test')).toEqual([
      {
        image: 'LGG/test/a_X-Ray_chest.png',
        mask: 'LGG/test_mask/a_X-Ray_chest_left+lung.png',
        modality: 'X-Ray',
        prompt: 'left lung in chest x-ray',
      },
    ]);
  });

  it('are refused where test.json has another form, with the place', async () => {
    const json = { annotations: [{ file_name: 'a.png', mask_file: 'b.png', sentences: [] }] };
    await expect(annotationsOf(folderWith(json), 'LGG', 'test')).rejects.toThrow(
      /test\.json: expected \{"annotations".*annotations\.0\.sentences/,
    );
  });
});
