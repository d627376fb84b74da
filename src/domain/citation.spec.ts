import { describe, expect, it } from '@jest/globals';
import type { Article } from './article.js';
import { CitationKeys, formatCitation } from './citation.js';
import { articleIdOf } from './ids.js';

const article: Article = {
  id: articleIdOf('a'),
  ...{ pmcid: 'PMC1', pmid: '12', doi: '10.1/a_b{c}', title: 'Cells & 50 % of {all} C_2\n @end', journal: 'J. #1' },
  ...{ authors: ['Jane Doe', 'Müller, Jörg', 'Heart and Lung Group'], year: 2024, url: 'https://x.org/a%20b_c' },
  ...{ license: null, licenseText: null, retracted: false },
};
const bare: Article = {
  ...article,
  ...{ pmcid: null, pmid: null, doi: null, title: 'T', journal: null, authors: [], year: null, url: null },
};

/** How deep the braces are at the end, and whether they ever close what was not open. */
function depth(text: string): number {
  let open = 0;
  for (const character of text) {
    if (character === '{') open++;
    if (character === '}') open--;
    if (open < 0) return -1;
  }
  return open;
}

describe('citations', () => {
  it('in BibTeX escape what LaTeX obeys, and keep links', () => {
    expect(formatCitation(article, 'BIBTEX', 'key')).toBe(
      [
        '@article{key,',
        '  title = {{Cells \\& 50 \\% of \\textbraceleft{}all\\textbraceright{} C\\_2 @end}},',
        '  author = {Jane Doe and Müller, Jörg and {Heart and Lung Group}},',
        '  journal = {J. \\#1},',
        '  year = {2024},',
        '  doi = {10.1/a_b%7Bc%7D},',
        '  pmcid = {PMC1},',
        '  pmid = {12},',
        '  url = {https://x.org/a%20b_c},',
        '}',
        '',
      ].join('\n'),
    );
  });

  it('in BibTeX never end their entry early', () => {
    for (const title of ['}', '{', '\\}', '\\', 'a}\n}\n@article{b,']) {
      const text = formatCitation({ ...article, title, journal: title, authors: [title], url: title }, 'BIBTEX', 'k');
      expect(depth(text)).toBe(0);
      expect(text.match(/^@/gm)).toHaveLength(1);
    }
  });

  it('in RIS hold one value a line', () => {
    expect(formatCitation({ ...article, title: 'One\r\nER  - two' }, 'RIS', 'key')).toBe(
      [
        ...['TY  - JOUR', 'TI  - One ER - two', 'AU  - Jane Doe', 'AU  - Müller, Jörg', 'AU  - Heart and Lung Group'],
        ...[
          'JO  - J. #1',
          'PY  - 2024',
          'DO  - 10.1/a_b{c}',
          'AN  - PMC1',
          'UR  - https://x.org/a%20b_c',
          'ER  - ',
          '',
        ],
      ].join('\r\n'),
    );
  });

  it('in CSL-JSON are objects with literal names', () => {
    expect(JSON.parse(formatCitation(article, 'CSL_JSON', 'key'))).toEqual({
      ...{ id: 'key', type: 'article-journal', title: 'Cells & 50 % of {all} C_2 @end', 'container-title': 'J. #1' },
      author: [{ literal: 'Jane Doe' }, { literal: 'Müller, Jörg' }, { literal: 'Heart and Lung Group' }],
      issued: { 'date-parts': [[2024]] },
      ...{ DOI: '10.1/a_b{c}', PMCID: 'PMC1', PMID: '12', URL: 'https://x.org/a%20b_c' },
    });
  });

  it('leave out what is not known', () => {
    expect(formatCitation(bare, 'BIBTEX', 'k')).toBe('@article{k,\n  title = {{T}},\n}\n');
    expect(formatCitation(bare, 'RIS', 'k')).toBe('TY  - JOUR\r\nTI  - T\r\nER  - \r\n');
    expect(JSON.parse(formatCitation(bare, 'CSL_JSON', 'k'))).toEqual({
      ...{ id: 'k', type: 'article-journal', title: 'T', author: [] },
    });
  });

  it('have keys of their own', () => {
    const keys = new CitationKeys();
    expect(keys.next(article)).toBe('doe2024cells');
    expect(keys.next(article)).toBe('doe2024cells-2');
    expect(keys.next({ ...article, authors: ['Müller, Jörg'] })).toBe('muller2024cells');
    expect(keys.next({ ...bare, title: '…' })).toBe('article');
  });
});
