import { describe, expect, it } from '@jest/globals';
import { markedTerms } from '../domain/text/marked-terms.js';
import { plainSnippet, splitSentences, wordSnippet } from './snippet.js';

const caption =
  'Chest radiograph of a man. Two nodules (arrows) are seen in the left lung <i>in situ</i>. The nodular pattern is typical of TNF-α.';

describe('snippets', () => {
  it('take the sentence that holds most of the words, by their stems, and mark them', () => {
    expect(wordSnippet(splitSentences(caption), markedTerms('lungs nodule'))).toBe(
      'Two <mark>nodules</mark> (arrows) are seen in the left <mark>lung</mark> &#60;i&#62;in situ&#60;/i&#62;.',
    );
    expect(wordSnippet(splitSentences(caption), markedTerms('tnf alpha'))).toContain('<mark>TNF-α</mark>');
  });

  it('are null where no sentence holds a word', () => {
    expect(wordSnippet(splitSentences(caption), markedTerms('kidney'))).toBeNull();
    expect(wordSnippet([], markedTerms('kidney'))).toBeNull();
  });

  it('cut long sentences around the first match, and escape what is no mark', () => {
    const long = `${'word '.repeat(200)}the <needle> here ${'word '.repeat(200)}`;
    const snippet = wordSnippet([long], markedTerms('needle')) ?? '';
    expect(snippet).toContain('&#60;<mark>needle</mark>&#62;');
    expect(snippet.length).toBeLessThan(400);
    expect(snippet).toMatch(/^… .* …$/);
    expect(plainSnippet('a "quote" & more')).toBe('a &#34;quote&#34; &#38; more');
  });

  it('keep the last word of a long sentence, which may be the match', () => {
    const long = `${'a series of stains and reagents '.repeat(14)}near a schistosome`;
    expect(wordSnippet([long], markedTerms('schistosome'))).toMatch(/^… .*near a <mark>schistosome<\/mark>$/);
  });

  it('show the match of a long sentence without blanks', () => {
    expect(wordSnippet([`${'年'.repeat(450)}肺癌`], markedTerms('肺癌'))).toContain('<mark>肺癌</mark>');
    expect(wordSnippet([`${'w '.repeat(130)}${'y'.repeat(90)}-tumor and more`], markedTerms('tumor'))).toContain(
      '<mark>tumor</mark>',
    );
  });

  it('do not end a sentence at an abbreviation', () => {
    expect(
      splitSentences(
        'Blots are shown in Fig. 3 and in Fig. S2, see also Tab. 1. Arrow marks E. Coli, e.g. there. End.',
      ),
    ).toEqual([
      'Blots are shown in Fig. 3 and in Fig. S2, see also Tab. 1.',
      'Arrow marks E. Coli, e.g. there.',
      'End.',
    ]);
  });

  it.each([
    ['cafe', 'Café au lait', '<mark>Café</mark> au lait'],
    ['TNFA', 'The TNF-α stain', 'The <mark>TNF-α</mark> stain'],
    ['H&E', '(H) Controls, H&E', '(H) Controls, <mark>H&#38;E</mark>'],
    ['玻璃', '磨玻璃影', '磨<mark>玻璃</mark>影'],
    ['immunohistochemistry', 'Immuno\u00adhisto\u00adchemistry', '<mark>Immuno\u00adhisto\u00adchemistry</mark>'],
    ['neutro*', 'Neutrophils', '<mark>Neutrophils</mark>'],
  ])('mark what the keyword index finds by %s', (query, sentence, snippet) => {
    expect(wordSnippet([sentence], markedTerms(query))).toBe(snippet);
  });
});
