import { describe, expect, it } from '@jest/globals';
import { parseBibtex } from './bibtex.js';
import { parseCslJson } from './csl-json.js';
import { latexToText } from './latex-text.js';
import { parseRis } from './ris.js';

describe('references', () => {
  it('are read from RIS as Zotero writes it', () => {
    const text = `TY  - JOUR
TI  - A title that goes on
in the next line
AU  - Byron, Ada
AU  - Born, Max
T2  - eLife
PY  - 2019/03/02
DO  - 10.5555/a.1
N1  - PMCID: PMC77
L1  - files/12/Byron - 2019.pdf
ER  - 

TY  - JOUR
T1  - Another
ER  - `;
    expect(parseRis(text.replaceAll('\n', '\r\n'))).toMatchObject([
      {
        article: {
          ...{ title: 'A title that goes on in the next line', authors: ['Ada Byron', 'Max Born'], journal: 'eLife' },
          ...{ year: 2019, doi: '10.5555/a.1', pmcid: 'PMC77' },
        },
        files: ['files/12/Byron - 2019.pdf'],
      },
      { article: { title: 'Another', year: null }, files: [] },
    ]);
  });

  it('are read from BibTeX: braces, quotes, names of @string, accents and attachments', () => {
    const text = String.raw`@comment{not read}
@string{jn = "Journal of " # {Tests}}
@article{byron2019,
  title = {{On} the {\'e}l{\"o}v{\aa}ge of {BRCA}1 \& others},
  author = "Byron, Ada and M{\"u}ller, Jos\'{e}",
  journal = jn,
  year = 2019,
  doi = {10.5555/b.1},
  file = {Full Text PDF:files/12/a\:b.pdf:application/pdf;Snapshot:files/13/x.html:text/html}
}
@article{broken, title = {Never closed`;
    expect(parseBibtex(text)).toMatchObject([
      {
        article: {
          title: 'On the élövåge of BRCA1 & others',
          ...{ authors: ['Ada Byron', 'José Müller'], journal: 'Journal of Tests', year: 2019, doi: '10.5555/b.1' },
        },
        files: ['files/12/a:b.pdf', 'files/13/x.html'],
      },
    ]);
    expect(latexToText(String.raw`\c{c}a \v{s} na\"{\i}ve~\emph{in vivo} --- 10--20\,\% $x$`)).toBe(
      'ça š naïve in vivo — 10–20 % x',
    );
  });

  it('are read from BibTeX behind an entry that has no end', () => {
    const text = '@article{a, title = {Never closed, mail ada@example.org\n@article{b, title = "Whole"}';
    expect(parseBibtex(text).map(({ article }) => article.title)).toEqual(['Whole']);
  });

  it('gives up BibTeX of nothing but entries without an end', () => {
    expect(parseBibtex('@article{a, title = {'.repeat(100_000))).toEqual([]);
  });

  it('are read from CSL-JSON, and other JSON is none', () => {
    const items = [
      {
        ...{ type: 'article-journal', title: 'T', DOI: '10.5555/c.1', PMID: 5, 'container-title': 'J' },
        ...{ author: [{ family: 'Byron', given: 'Ada' }], issued: { 'date-parts': [['2020', 1]] } },
      },
      { type: 'book', title: 5 },
    ];
    expect(parseCslJson(JSON.stringify(items))).toMatchObject([
      { article: { title: 'T', doi: '10.5555/c.1', pmid: '5', journal: 'J', authors: ['Ada Byron'], year: 2020 } },
    ]);
    expect(parseCslJson('{"a": 1}')).toBeNull();
  });
});
