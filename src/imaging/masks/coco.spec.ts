import { expect, it } from '@jest/globals';
import { cocoDocument } from './coco.js';

const model = { name: 'segmenter', version: 'a'.repeat(64), license: 'CC-BY-NC-SA-4.0', warning: 'Research only.' };
const rle = { size: [4, 5], counts: '0104' } as const;
const mask = (prompt: string, boxes: readonly { x: number; y: number; width: number; height: number }[]) => ({
  ...{ prompt, boxes, areaPixels: 7, rle, found: null, pValue: null, similarity: 0.5 },
});

it('numbers images, categories and annotations, each prompt once', () => {
  const picture = { width: 5, height: 4, license: 'CC0-1.0' };
  const parts = [
    { x: 0, y: 1, width: 2, height: 2 },
    { x: 3, y: 0, width: 1, height: 2 },
  ];
  const document = cocoDocument(
    [
      { ...picture, file: 'a.png', masks: [mask('liver', parts), { ...mask('tumour', []), areaPixels: 0 }] },
      { ...picture, file: 'b.png', license: null, masks: [mask('tumour', parts.slice(0, 1))] },
    ],
    model,
  );
  expect(document.images).toEqual([
    { id: 1, file_name: 'a.png', width: 5, height: 4, license: 1 },
    { id: 2, file_name: 'b.png', width: 5, height: 4 },
  ]);
  expect(document.categories.map(({ id, name }) => [id, name])).toEqual([
    [1, 'liver'],
    [2, 'tumour'],
  ]);
  expect(
    document.annotations.map((one) => [one.id, one.image_id, one.category_id, one.bbox, one.segmentation.counts]),
  ).toEqual([
    [1, 1, 1, [0, 0, 4, 3], '0104'],
    [2, 2, 2, [0, 1, 2, 2], '0104'],
  ]);
});

it('names the segmenter with its terms beside the license of the picture', () => {
  const { info, licenses } = cocoDocument(
    [{ file: 'a.png', width: 5, height: 4, license: 'CC0-1.0', masks: [mask('liver', [])] }],
    model,
  );
  expect(info.description).toContain('segmenter aaaaaaaaaaaaaaaa (CC-BY-NC-SA-4.0)');
  expect(info.segmenter).toEqual(model);
  expect(licenses).toEqual([{ id: 1, name: 'CC0-1.0', url: '' }]);
});

it('holds no empty mask, and says of the others whether their object was found', () => {
  const part = { x: 0, y: 1, width: 2, height: 2 };
  const masks = [
    { ...mask('liver', []), areaPixels: 0, found: false },
    { ...mask('tumour', [part]), pValue: 0.01, found: false },
  ];
  const { annotations, categories } = cocoDocument(
    [{ file: 'a.png', width: 5, height: 4, license: null, masks }],
    model,
  );
  expect(categories).toHaveLength(2);
  expect(annotations).toMatchObject([
    { id: 1, category_id: 2, attributes: { found: false, pValue: 0.01, similarity: 0.5 } },
  ]);
});
