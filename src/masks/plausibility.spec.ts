import { describe, expect, it } from '@jest/globals';
import type { MaskStatistics } from '../domain/segmenter.js';
import { betaDistribution } from './beta.js';
import { pValueOf, statisticsFor } from './plausibility.js';

const one: MaskStatistics = [
  [150, 30],
  [6, 9],
  [5, 8],
  [7, 12],
];
const other: MaskStatistics = one.map(([a, b]) => [b, a]);

describe('the plausibility of a mask', () => {
  const model = { statistics: { 'CT-Lung': { lung: one, tumor: one }, 'CT-Abdomen': { tumor: other } } };

  it('takes the statistics of the only image type that knows the object, however it is written', () => {
    expect(statisticsFor(model, '  Lung ', null)).toBe(one);
  });

  it('takes none where several image types know the object and none is named', () => {
    expect(statisticsFor(model, 'tumor', null)).toBeNull();
    expect(statisticsFor(model, 'tumor', 'ct-abdomen')).toBe(other);
    expect(statisticsFor(model, 'lung', 'CT-Abdomen')).toBeNull();
  });

  it('is 0 for a mask with nothing in it and high for a usual one', () => {
    expect(pValueOf([0, 0, 0, 0], one)).toBe(0);
    expect(pValueOf([0.834, 0.4, 0.38, 0.37], one)).toBeGreaterThan(0.8);
  });

  it('refuses distributions that are none', () => {
    expect(() => betaDistribution(0.5, 0, 1)).toThrow(RangeError);
    expect(() => betaDistribution(0.5, 1, NaN)).toThrow(RangeError);
  });
});
