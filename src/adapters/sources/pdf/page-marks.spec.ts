import { describe, expect, it } from '@jest/globals';
import './quiet-globals.js';
import { OPS } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { identity } from './geometry.js';
import { readMarks, type PageMarks } from './page-marks.js';

function marksOf(...operators: readonly (readonly [operator: number, args?: unknown])[]): PageMarks {
  const list = {
    fnArray: operators.map(([operator]) => operator),
    argsArray: operators.map(([, args]) => args ?? null),
  };
  return readMarks(list, identity, () => ({ width: 10, height: 10, hash: 'x' }));
}

describe('what is drawn on a page', () => {
  it('stands where the transformations before it say, however deep states are saved', () => {
    const [depth, image] = [1500, [OPS.paintImageXObject, ['img']] as const];
    const nested = Array.from({ length: depth }, () => [OPS.save] as const);
    const restored = Array.from({ length: depth }, () => [OPS.restore] as const);
    const move = [OPS.transform, [1, 0, 0, 1, 100, 0]] as const;
    const { images } = marksOf([OPS.save], move, ...nested, image, ...restored, image, [OPS.restore], image);
    expect(images.map(({ box }) => box.left)).toEqual([100, 100, 0]);
  });

  it('counts masks of one color in all forms in which they are drawn', () => {
    const forms = [OPS.paintImageMaskXObject, OPS.paintImageMaskXObjectGroup, OPS.paintImageMaskXObjectRepeat];
    expect(marksOf(...forms.map((form) => [form, []] as const)).unread).toBe(3);
  });
});
