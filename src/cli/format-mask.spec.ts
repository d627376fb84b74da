import { expect, it } from '@jest/globals';
import type { PromptedMask } from '../masks/segment-image.js';
import { maskSentence } from './format-mask.js';

const part = { x: 0, y: 0, width: 2, height: 1, area: 2 };
const drawn: PromptedMask = {
  ...{ prompt: 'lung', found: null, pValue: null, areaPixels: 2, boxes: [part], similarity: 0.5, query: 0 },
  ...{ mask: { width: 2, height: 2, data: new Uint8Array([1, 1, 0, 0]) }, imageMs: null, promptMs: 1 },
};

it.each([
  ['nobody knows it', {}, [], 'lung: drawn (no statistics tell whether it is there), 2 pixels (50.0 %) in 1 part'],
  ['two know it', {}, ['CT', 'MRI'], /drawn \(CT and MRI both know it: say which by --image-type\)/],
  ['three know it', {}, ['CT', 'MRI', 'OCT'], /drawn \(CT, MRI and OCT all know it: say which/],
  ['another was named', {}, ['CT'], /drawn \(CT alone knows it: name that by --image-type\)/],
  [
    'it is likely',
    { found: true, pValue: 0.4, boxes: [part, part] },
    ['CT'],
    /found \(p-value 0\.400\), .* in 2 parts$/,
  ],
  ['it is not', { found: false, pValue: 0.01 }, ['CT'], /probably not in the image \(p-value 0\.010\)/],
  ['it is empty', { found: false, areaPixels: 0, boxes: [] }, [], /^lung: nothing found$/],
] as const)('says of a mask what is known where %s', (_name, change, types, words) => {
  const sentence = maskSentence({ ...drawn, ...change }, types, null);
  if (typeof words === 'string') expect(sentence).toBe(words);
  else expect(sentence).toMatch(words);
});

it('names the file of a mask', () => {
  expect(maskSentence({ ...drawn, areaPixels: 0 }, [], 'out/a.png')).toBe('lung: nothing found  out/a.png');
});
