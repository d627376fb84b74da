import { expect, it } from '@jest/globals';
import { cocoDocument } from './coco.js';

const model = { name: 'segmenter', version: 'a'.repeat(64) };
const rle = { size: [4, 5], counts: '0104' } as const;
const mask = (prompt: string, boxes: readonly { x: number; y: number; width: number; height: number }[]) => ({
  ...{ prompt, boxes, areaPixels: 7, rle, pValue: null, similarity: 0.5 },
});

it('numbers images, categories and annotations, each prompt once', () => {
  const picture = { width: 5, height: 4, license: 'CC0-1.0' };
  const parts = [
    { x: 0, y: 1, width: 2, height: 2 },
    { x: 3, y: 0, width: 1, height: 2 },
  ];
  const document = cocoDocument(
    [
      { ...picture, file: 'a.png', masks: [mask('liver', parts), mask('tumour', [])] },
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
    [2, 1, 2, [0, 0, 0, 0], '0104'],
    [3, 2, 2, [0, 1, 2, 2], '0104'],
  ]);
});
