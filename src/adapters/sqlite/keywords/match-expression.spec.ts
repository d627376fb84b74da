import { describe, expect, it } from '@jest/globals';
import { connector } from '../../../domain/text/analyze-text.js';
import { markedTerms } from '../../../domain/text/marked-terms.js';
import { toMatchExpression } from './match-expression.js';
import { idTerm } from './searchable-text.js';

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
    ['pmcid:PMC123', `(ids : "${idTerm('pmc123')}")`],
    ['pmcid:123', `(ids : "${idTerm('pmc123')}")`],
    ['PMC123', `("pmc123" OR "${idTerm('pmc123')}")`],
    ['id:fig-1', `(ids : "${idTerm('fig-1')}")`],
    ['10.1016/j.bone.2015.1', `("10 1016 j bone 2015 1" OR "${idTerm('10.1016/j.bone.2015.1')}")`],
    ['https://doi.org/10.1016/X.', `(ids : "${idTerm('10.1016/x')}")`],
    ['stored at -80', '("stored" OR "80")'],
    ['“ground glass”', '"ground glass"'],
    ['CT AND MRI NOT SEEN', '("ct" OR "mri" OR "not" OR "seen")'],
    ['CT AND MRI', '("ct" AND "mri")'],
    ['brain MRI NOT CT', '(("brain" OR "mri") NOT "ct")'],
    ['H & E stain', `("h${connector}e" OR "stain")`],
    ['TNF alpha', '("tnf" OR "alpha" OR "tnfalpha" OR "tnfa")'],
    ['磨玻璃影', '"磨玻 玻璃 璃影"'],
    ['肺', '"肺"*'],
    ['ratio:heart', '("ratio" OR "heart")'],
    ['IL-6', `(("il 6" OR "il6") OR "${idTerm('il-6')}")`],
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

it('names the terms to mark, without those that are ruled out', () => {
  expect(markedTerms('lung "ground glass" -nodule NOT mass pmcid:PMC1 TNF-α H&E neutro*')).toEqual({
    terms: ['lung', 'ground', 'glass', 'tnf', 'alpha', 'tnfalpha', 'tnfa', `h${connector}e`, 'neutro'],
    prefixes: ['neutro'],
  });
});
