import { describe, expect, it } from '@jest/globals';
import { isPmcSource, parsePmcSource } from './pmc-id.js';

describe('parsePmcSource', () => {
  it.each([
    ['pmc:PMC8253867', { article: 'PMC8253867', version: null }],
    ['PMC:8253867', { article: 'PMC8253867', version: null }],
    ['pmc:pmc13900.12', { article: 'PMC13900', version: 12 }],
  ])('reads %s', (source, expected) => {
    expect(isPmcSource(source)).toBe(true);
    expect(parsePmcSource(source)).toEqual(expected);
  });

  it.each(['pmc:', 'pmc:PMC1.x', 'pmc:../../etc', 'pmc:PMC0', 'pmc:PMC1/../2', 'pmc:PMC1\n', 'pmc:PMC1.2.3'])(
    'refuses %j',
    (source) => {
      expect(() => parsePmcSource(source)).toThrow(/expected pmc:PMC8253867/);
    },
  );

  it.each(['mine/', './pmc:PMC1', 'PMC8253867.1'])('leaves %s to be a path', (source) => {
    expect(isPmcSource(source)).toBe(false);
  });
});
