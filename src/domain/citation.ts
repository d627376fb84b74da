import type { Article } from './article.js';

/** What a bibliography tells of an article. */
type CitedArticle = Pick<Article, 'title' | 'authors' | 'journal' | 'year' | 'doi' | 'pmcid' | 'pmid' | 'url'>;

export type CitationFormat = 'BIBTEX' | 'RIS' | 'CSL_JSON';

/*
 * Our own writers: citation-js needs Node 22.12 and what fetches from the network, and an article here has ten plain fields. Names of
 * authors are kept as the source gives them; which part is the family name is not known.
 */

/**
 * One article as an entry of a bibliography, with a line end after it. CSL-JSON is one object, without the brackets of a list.
 * @param key tells the entry from others in BibTeX and CSL-JSON; see `CitationKeys`
 */
export function formatCitation(article: CitedArticle, format: CitationFormat, key: string): string {
  switch (format) {
    case 'BIBTEX':
      return toBibtex(article, key);
    case 'RIS':
      return toRis(article);
    case 'CSL_JSON':
      return `${JSON.stringify(toCsl(article, key))}\n`;
  }
}

/** Gives each article of a bibliography a key of its own, as `doe2024cells`. */
export class CitationKeys {
  private readonly given = new Map<string, number>();

  next({ authors: [first = ''], year, title }: CitedArticle): string {
    const family = first.includes(',') ? (first.split(',')[0] ?? '') : (first.trim().split(/\s+/).at(-1) ?? '');
    const word =
      title
        .split(/\s+/)
        .map(plain)
        .find((one) => one.length > 3) ?? '';
    const base = `${plain(family)}${year ?? ''}${word}` || 'article';
    const count = (this.given.get(base) ?? 0) + 1;
    this.given.set(base, count);
    return count === 1 ? base : `${base}-${count}`;
  }
}

/** Letters and digits of ASCII, in lower case. */
function plain(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/[^a-z0-9]/giu, '')
    .toLowerCase();
}

/** Control characters and ends of lines would begin another field. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\s]+/gu, ' ').trim();
}

const latexSpecials: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  // Not `\{`: BibTeX counts braces, whatever stands before them.
  '{': '\\textbraceleft{}',
  '}': '\\textbraceright{}',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
  ...Object.fromEntries([...'&%$#_'].map((character) => [character, `\\${character}`])),
};

function latex(text: string): string {
  return oneLine(text).replace(/[\\{}~^&%$#_]/g, (character) => latexSpecials[character] ?? '');
}

/** Kept as it is by styles that print links; only what would end the field is encoded. */
function verbatim(text: string): string {
  return oneLine(text).replace(/[{}\\ ]/g, encodeURIComponent);
}

function toBibtex(article: CitedArticle, key: string): string {
  const { title, authors, journal, year, doi, pmcid, pmid, url } = article;
  const fields: readonly (readonly [string, string | null])[] = [
    // Twice in braces: styles keep its capitals.
    ['title', `{${latex(title)}}`],
    ['author', authors.length === 0 ? null : authors.map(bibtexName).join(' and ')],
    ['journal', journal === null ? null : latex(journal)],
    ['year', year === null ? null : String(year)],
    ['doi', doi === null ? null : verbatim(doi)],
    ['pmcid', pmcid === null ? null : latex(pmcid)],
    ['pmid', pmid === null ? null : latex(pmid)],
    ['url', url === null ? null : verbatim(url)],
  ];
  const lines = fields.flatMap(([name, value]) => (value === null ? [] : [`  ${name} = {${value}},\n`]));
  return `@article{${key},\n${lines.join('')}}\n`;
}

/** A name that BibTeX would split at “and” or at several commas stands in braces. */
function bibtexName(name: string): string {
  const written = latex(name);
  return /\band\b/i.test(written) || written.split(',').length > 2 ? `{${written}}` : written;
}

function toRis(article: CitedArticle): string {
  const { title, authors, journal, year, doi, pmcid, pmid, url } = article;
  const fields: readonly (readonly [string, string | null])[] = [
    ['TY', 'JOUR'],
    ['TI', title],
    ...authors.map((author) => ['AU', author] as const),
    ['JO', journal],
    ['PY', year === null ? null : String(year)],
    ['DO', doi],
    ['AN', pmcid ?? pmid],
    ['UR', url],
  ];
  const lines = fields.flatMap(([tag, value]) => (value === null ? [] : [`${tag}  - ${oneLine(value)}\r\n`]));
  return `${lines.join('')}ER  - \r\n`;
}

function toCsl(article: CitedArticle, key: string): object {
  const { title, authors, journal, year, doi, pmcid, pmid, url } = article;
  const fields = {
    'container-title': journal,
    issued: year === null ? null : { 'date-parts': [[year]] },
    ...{ DOI: doi, PMCID: pmcid, PMID: pmid, URL: url },
  };
  const known = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
  return {
    ...{ id: key, type: 'article-journal', title: oneLine(title) },
    author: authors.map((name) => ({ literal: oneLine(name) })),
    ...known,
  };
}
