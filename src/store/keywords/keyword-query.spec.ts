import { describe, expect, it } from '@jest/globals';
import { toMatchExpression, wordsOf } from './keyword-query.js';

describe('toMatchExpression', () => {
  it.each([
    ['lung cancer', '("lung" OR "cancer")'],
    ['smear of the blood', '("smear" OR "blood")'],
    ['of the', '("of" OR "the")'],
    ['"acid-fast bacilli"', '"acid fast bacilli"'],
    ['"open phrase', '"open phrase"'],
    ['neutro*', '"neutro"*'],
    ['lung AND nodule', '("lung" AND "nodule")'],
    ['lung -nodule', '("lung" NOT "nodule")'],
    ['lung NOT (nodule OR mass)', '("lung" NOT ("nodule" OR "mass"))'],
    ['lung AND NOT nodule', '("lung" NOT "nodule")'],
    ['journal:eLife heart', '((journal : "elife") OR "heart")'],
    ['pmcid:PMC123', '(ids : "pmc123")'],
    ['ratio:heart', '("ratio" OR "heart")'],
    ['IL-6', '("il 6" OR "il6")'],
    ['TNF-α', '("tnf alpha" OR "tnfalpha" OR "tnfa")'],
    ['NFκB', '("nf kappa b" OR "nfkappab" OR "nfkb")'],
    ['lung,heart', '("lung" OR "heart")'],
  ])('%s → %s', (text, expression) => {
    expect(toMatchExpression(text)).toBe(expression);
  });

  it.each(['  *** "" ', '-', 'NOT lung', '()', ')(', 'AND', '::', '-lung'])(
    'is null for %s, where nothing can match',
    (text) => {
      expect(toMatchExpression(text)).toBeNull();
    },
  );
});

it('names the words to mark, without those that are ruled out', () => {
  expect(wordsOf('lung "ground glass" -nodule NOT mass pmcid:PMC1 TNF-α')).toEqual([
    'lung',
    'ground',
    'glass',
    'tnf',
    'alpha',
  ]);
});
