import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { toNumbers } from './number-list.js';

describe('a list of numbers from the database', () => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(0xffff_ffff), { minLength: 1 }), (numbers) => {
        expect([...toNumbers(numbers.join(','))]).toEqual(numbers);
      }),
    );
  });

  it('is empty where there are none', () => {
    expect(toNumbers(null)).toHaveLength(0);
    expect(toNumbers('')).toHaveLength(0);
  });
});
