import { describe, expect, it } from '@jest/globals';
import type { Article } from './article.js';
import { buildSourceUrl } from './figure.js';
import { articleIdOf } from './ids.js';

const article: Article = {
  ...{ id: articleIdOf('a'), pmcid: null, pmid: null, doi: null, title: 'On cells', authors: [] },
  ...{ journal: null, year: null, license: null, licenseText: null, url: null, retracted: false },
};

describe('the link to a figure in its article', () => {
  it('goes to the label by a text fragment', () => {
    const url = 'https://example.org/paper';
    expect(buildSourceUrl({ label: 'Figure 3-B' }, { ...article, url })).toBe(`${url}#:~:text=Figure%203%2DB`);
    expect(buildSourceUrl({ label: null }, { ...article, url })).toBe(url);
  });

  it('keeps an address that names a place already', () => {
    expect(buildSourceUrl({ label: 'Figure 3' }, { ...article, url: 'https://example.org/paper#F3' })).toBe(
      'https://example.org/paper#F3',
    );
  });

  it('is made from ids where there is no address, and is none where there is nothing', () => {
    expect(buildSourceUrl({ label: null }, { ...article, pmcid: 'PMC123' })).toBe(
      'https://pmc.ncbi.nlm.nih.gov/articles/PMC123/',
    );
    expect(buildSourceUrl({ label: null }, { ...article, doi: 'doi:10.1/x' })).toBe('https://doi.org/10.1/x');
    expect(buildSourceUrl({ label: 'Figure 1' }, article)).toBeNull();
    expect(buildSourceUrl({ label: 'Figure 1' }, { ...article, url: 'javascript:alert(1)' })).toBeNull();
  });
});
