import { describe, expect, it } from '@jest/globals';
import { positiveNumber, wholeNumber, wholeNumberFromZero, wholeNumbers } from './number-options.js';

describe('numbers of the command line', () => {
  it.each(['abc', '', ' ', '0', '-5', '1.5', '1e3', '0x10', 'Infinity', '99999999999999999999'])(
    'refuses %j where a count is expected, and says what came',
    (text) => {
      expect(() => wholeNumber(text)).toThrow(`expected a whole number from 1 but received ${text}`);
    },
  );

  it('takes what is one', () => {
    expect([wholeNumber('20'), wholeNumberFromZero('0'), positiveNumber('2.5'), positiveNumber('1e6')]).toEqual([
      20, 0, 2.5, 1e6,
    ]);
    expect(wholeNumbers('1, 8,16')).toEqual([1, 8, 16]);
  });

  it('refuses a list with anything else in it, and what is not above 0', () => {
    expect(() => wholeNumbers('1,,2')).toThrow('expected a whole number from 1');
    expect(() => positiveNumber('0')).toThrow('expected a number above 0 but received 0');
    expect(() => wholeNumberFromZero('-1')).toThrow('expected a whole number from 0 but received -1');
  });
});
