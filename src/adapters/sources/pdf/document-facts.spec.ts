import { describe, expect, it } from '@jest/globals';
import { readFacts } from './document-facts.js';

describe('what a PDF says of its authors', () => {
  it.each([
    ['Ada Byron; Max Born', ['Ada Byron', 'Max Born']],
    ['Ada Byron, Max Born, and Lise Meitner', ['Ada Byron', 'Max Born', 'Lise Meitner']],
    ['Ada Byron and Max Born', ['Ada Byron', 'Max Born']],
    ['Byron, Ada', ['Byron, Ada']],
    ['Ferdinand Béand', ['Ferdinand Béand']],
  ])('is read from %s', (author, expected) => {
    expect(readFacts({ Author: author }, []).authors).toEqual(expected);
  });
});
