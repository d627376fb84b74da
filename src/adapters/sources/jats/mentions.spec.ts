import { describe, expect, it } from '@jest/globals';
import { readMentions, sentencesOf } from './mentions.js';
import { parseXml } from './xml-tree.js';

const xref = (rid: string, text: string): string => `<xref ref-type="fig" rid="${rid}">${text}</xref>`;

describe('readMentions', () => {
  it('finds the sentences that refer to a figure, each once, and not those of its own caption', () => {
    const article = parseXml(`<article><body>
      <p>First. Cells died (${xref('f1', 'Fig. 1')}; see Smith et al. 2010). Others lived.</p>
      <p>In ${xref('f1 f2', 'Figures 1 and 2')} more is seen. In ${xref('f1', 'Fig. 1')}A and ${xref('f1', 'B')} too.</p>
      <fig id="f1"><caption><p>As in ${xref('f1', 'Fig. 1')}.</p></caption></fig>
      <fig id="f2"><caption><p>The same cells as in ${xref('f1', 'Figure 1')}.</p></caption></fig></body>
      <sub-article><body><p>The reviewer asks about ${xref('f1', 'Fig. 1')}.</p></body></sub-article></article>`);
    const mentions = readMentions(article, new Set(['f1', 'f2']));
    expect(mentions.get('f1')).toEqual([
      'Cells died (Fig. 1; see Smith et al. 2010).',
      'In Figures 1 and 2 more is seen.',
      'In Fig. 1A and B too.',
      'The same cells as in Figure 1.',
    ]);
    expect(mentions.get('f2')).toEqual(['In Figures 1 and 2 more is seen.']);
  });
});

describe('sentencesOf', () => {
  it.each([
    ['As in Fig. 2. The S. aureus strain grew.', ['As in Fig. 2.', 'The S. aureus strain grew.']],
    [
      'See Suppl. Table 1, Dr. Ito, e.g. Mice of J. Smith. Next.',
      ['See Suppl. Table 1, Dr. Ito, e.g. Mice of J. Smith.', 'Next.'],
    ],
    ['Was it 3.5 mM? Yes!', ['Was it 3.5 mM?', 'Yes!']],
  ])('parts %s', (text, sentences) => {
    expect(sentencesOf(text)).toEqual(sentences);
  });
});
