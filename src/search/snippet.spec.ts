import { describe, expect, it } from '@jest/globals';
import { plainSnippet, sentencesOf, wordSnippet } from './snippet.js';

const caption =
  'Chest radiograph of a man. Two nodules (arrows) are seen in the left lung <i>in situ</i>. The nodular pattern is typical of TNF-α.';

describe('snippets', () => {
  it('take the sentence that holds most of the words, by their stems, and mark them', () => {
    expect(wordSnippet(sentencesOf(caption), ['lungs', 'nodule'])).toBe(
      'Two <mark>nodules</mark> (arrows) are seen in the left <mark>lung</mark> &#60;i&#62;in situ&#60;/i&#62;.',
    );
    expect(wordSnippet(sentencesOf(caption), ['tnf', 'alpha'])).toContain('<mark>TNF</mark>-<mark>α</mark>');
  });

  it('are null where no sentence holds a word', () => {
    expect(wordSnippet(sentencesOf(caption), ['kidney'])).toBeNull();
    expect(wordSnippet([], ['kidney'])).toBeNull();
  });

  it('cut long sentences around the first match, and escape what is no mark', () => {
    const long = `${'word '.repeat(200)}the <needle> here ${'word '.repeat(200)}`;
    const snippet = wordSnippet([long], ['needle']) ?? '';
    expect(snippet).toContain('&#60;<mark>needle</mark>&#62;');
    expect(snippet.length).toBeLessThan(400);
    expect(snippet).toMatch(/^… .* …$/);
    expect(plainSnippet('a "quote" & more')).toBe('a &#34;quote&#34; &#38; more');
  });
});
