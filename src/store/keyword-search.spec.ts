import { describe, expect, it } from '@jest/globals';
import { toMatchExpression } from './keyword-search.js';

describe('toMatchExpression', () => {
  it('quotes every word, so that no operator of FTS5 is one', () => {
    expect(toMatchExpression('NEAR("lung" OR* caption:x) NOT -y')).toBe(
      '"near" OR "lung" OR "caption" OR "x" OR "not" OR "y"',
    );
  });

  it('drops words that say nothing, but not all of them', () => {
    expect(toMatchExpression('smear of the blood')).toBe('"smear" OR "blood"');
    expect(toMatchExpression('of the')).toBe('"of" OR "the"');
  });

  it('is null where the text holds no word', () => {
    expect(toMatchExpression('  *** "" ')).toBeNull();
  });
});
