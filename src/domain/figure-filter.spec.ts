import { describe, expect, it } from '@jest/globals';
import { validateFilter, licenseAllows } from './figure-filter.js';

describe('the filter of figures', () => {
  it.each([
    ['CC-BY-4.0', true, true],
    ['CC-BY-NC4.0', false, true],
    ['CC BY-NC-ND 4.0', false, false],
    ['Creative Commons Attribution Non\u2010Commercial License', false, true],
    ['CC-BY-ND4.0', true, false],
    ['CC BY; all rights reserved', false, false],
    ['Not CC-BY', false, false],
    [null, false, false],
  ])('knows what %s allows', (license, commercial, derivatives) => {
    expect(licenseAllows(license, 'COMMERCIAL')).toBe(commercial);
    expect(licenseAllows(license, 'DERIVATIVES')).toBe(derivatives);
  });

  it('refuses a date that is none, at every level', () => {
    const ingestedAfter = new Date('nonsense');
    expect(() => validateFilter({ ingestedAfter })).toThrow(/ingestedAfter/);
    expect(() => validateFilter({ not: { ingestedAfter } })).toThrow(/ingestedAfter/);
  });

  it('refuses too many years', () => {
    const years = Array.from({ length: 1001 }, (_, year) => year);
    expect(() => validateFilter({ or: [{ years }] })).toThrow(/1000 values in years/);
  });
});
