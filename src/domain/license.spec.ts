import { describe, expect, it } from '@jest/globals';
import { licenseOfAddress, licenseOfWords } from './license.js';

describe('licenseOfAddress', () => {
  it.each([
    ['https://creativecommons.org/licenses/by/4.0/', 'CC-BY-4.0'],
    ['http://creativecommons.org/licences/by-nc-nd/3.0/deed.en', 'CC-BY-NC-ND-3.0'],
    ['creativecommons.org/licenses/by-nc-sa/4.0', 'CC-BY-NC-SA-4.0'],
    ['https://creativecommons.org/licenses/by/3.0/igo/', 'CC-BY-3.0-IGO'],
    ['https://creativecommons.org/licenses/by/', 'CC-BY'],
    ['https://creativecommons.org/publicdomain/zero/1.0/', 'CC0-1.0'],
    ['https://creativecommons.org/publicdomain/mark/1.0/', 'CC-PDM-1.0'],
    ['https://www.elsevier.com/open-access/userlicense/1.0/', null],
    ['https://creativecommons.org/licenses/by_nc/4.0/', null],
    ['https://creativecommons.org/licenses/byncnd/4.0/', null],
    ['https://creativecommons.org/licenses/by%2Dnc/4.0', null],
    ['https://creativecommons.org/', null],
    ['', null],
  ])('reads %s', (address, code) => {
    expect(licenseOfAddress(address)).toBe(code);
  });
});

describe('licenseOfWords', () => {
  it.each([
    ['distributed under the terms of the Creative Commons Attribution License', 'CC-BY'],
    ['the Creative Commons Attribution 4.0 International License', 'CC-BY-4.0'],
    ['Creative Commons Attribution–NonCommercial–NoDerivs 3.0 Unported', 'CC-BY-NC-ND-3.0'],
    ['under CC BY-NC-SA 4.0', 'CC-BY-NC-SA-4.0'],
    ['made available under the CC0 public domain dedication', 'CC0-1.0'],
    ['Creative Commons Attribution License. CC0 holds for the data', 'CC-BY'],
    ['a work of the United States government, in the public domain', 'public-domain'],
    ['made available via the PMC Open Access Subset for the time of the COVID-19 pandemic', 'other:pmc-covid'],
    ['© 2010 Cancer Research UK. All rights reserved', null],
    ['This figure is not covered by the Creative Commons Attribution licence', null],
    ['Excluded from the CC BY licence; © Elsevier', null],
    ['This image is not in the public domain.', null],
    ['Supported by the United States Government. All rights reserved.', null],
    ['under a Creative Commons licence', null],
    ['Creative Commons Zero', 'CC0-1.0'],
    ['Public Domain Mark 1.0', 'CC-PDM-1.0'],
    ['under CC BY 4.0, which permits commercial and non-commercial use', 'CC-BY-4.0'],
    ['', null],
  ])('reads “%s”', (words, code) => {
    expect(licenseOfWords(words)).toBe(code);
  });
});
