import { describe, expect, it } from '@jest/globals';
import type { MaskStatistics } from '../../domain/segmenter.js';
import { betaDistribution } from './beta.js';
import { imageTypeFor, computePValue, statisticsFor, typesKnowing } from './plausibility.js';

const one: MaskStatistics = [
  [150, 30],
  [6, 9],
  [5, 8],
  [7, 12],
];
const other: MaskStatistics = one.map(([a, b]) => [b, a]);

describe('the plausibility of a mask', () => {
  const model = {
    name: 'narrow',
    prompts: { 'CT-Lung': ['lung', 'tumor'], 'CT-Abdomen': ['liver', 'tumor'], Dermoscopy: ['lesion'] },
    statistics: { 'CT-Lung': { lung: one, tumor: one }, 'CT-Abdomen': { tumor: other } },
  };

  it('takes the statistics of the only image type that knows the object, however it is written', () => {
    expect(statisticsFor(model, '  Lung ', null)).toBe(one);
  });

  it('takes none where several image types know the object and none is named', () => {
    expect(statisticsFor(model, 'tumor', null)).toBeNull();
    expect(statisticsFor(model, 'tumor', 'ct-abdomen')).toBe(other);
    expect(statisticsFor(model, 'lung', 'CT-Abdomen')).toBeNull();
    expect(['Tumor', 'lung', 'heart'].map((prompt) => typesKnowing(model, prompt))).toEqual([
      ['CT-Lung', 'CT-Abdomen'],
      ['CT-Lung'],
      [],
    ]);
  });

  it.each([
    ['the prompt alone tells', 'lung', null, 'CT-Abdomen', null],
    ['the asked type is the only one', 'lung', 'ct lung', null, null],
    ['several types know it', 'tumor', null, null, null],
    ['the figure is of none of them', 'tumor', null, 'Dermoscopy', null],
    ['the figure is of one of them', 'tumor', null, 'ct_abdomen', 'CT-Abdomen'],
    ['one of them is asked for', 'tumor', 'CT-LUNG', 'CT-Abdomen', 'CT-Lung'],
    ['a type without statistics is asked for', 'lung', 'Dermoscopy', null, 'Dermoscopy'],
    ['no type knows it', 'heart', null, 'CT-Lung', null],
  ])('names in a key, where %s, the type that the prompt does not tell', (_name, prompt, asked, modality, expected) => {
    const type = imageTypeFor(model, prompt, asked, modality);
    expect(type).toBe(expected);
    // The statistics are those that were meant.
    const meant = asked ?? (expected === null ? null : modality);
    expect(statisticsFor(model, prompt, type)).toBe(statisticsFor(model, prompt, meant?.replace(/[ _]/, '-') ?? null));
  });

  it('refuses an image type that the model does not know', () => {
    expect(() => imageTypeFor(model, 'lung', 'MRI', null)).toThrow(/no image type MRI; it knows CT-Lung, CT-Abdomen/);
  });

  it('is 0 for a mask with nothing in it and high for a usual one', () => {
    expect(computePValue([0, 0, 0, 0], one)).toBe(0);
    expect(computePValue([0.834, 0.4, 0.38, 0.37], one)).toBeGreaterThan(0.8);
  });

  it('refuses distributions that are none', () => {
    expect(() => betaDistribution(0.5, 0, 1)).toThrow(RangeError);
    expect(() => betaDistribution(0.5, 1, NaN)).toThrow(RangeError);
  });
});
