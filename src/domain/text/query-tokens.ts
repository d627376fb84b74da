import { normalizeDoi, normalizePmcid, normalizePmid } from '../article-ids.js';
import { readableText } from '../readable-text.js';
import { invisibleCharacters } from './fold-text.js';

/** What is searched by words. */
export type WordField = 'caption' | 'alt' | 'label' | 'title' | 'journal' | 'mentions' | 'ids';

/** Fields by the names that a query may use before a colon. */
const fields: Readonly<Record<string, WordField>> = {
  caption: 'caption',
  alt: 'alt',
  label: 'label',
  labels: 'label',
  title: 'title',
  journal: 'journal',
  mention: 'mentions',
  mentions: 'mentions',
  id: 'ids',
  key: 'ids',
  pmcid: 'ids',
  pmid: 'ids',
  doi: 'ids',
};

/** How an id is written in the index, by the field that names it. */
const idForms: Readonly<Record<string, (id: string) => string>> = {
  doi: normalizeDoi,
  pmcid: normalizePmcid,
  pmid: normalizePmid,
};

export type QueryToken =
  | { readonly kind: 'word'; readonly text: string; readonly prefix: boolean; readonly column: WordField | null }
  | { readonly kind: 'phrase'; readonly text: string; readonly column: WordField | null }
  | { readonly kind: 'and' | 'or' | 'not' | 'open' | 'close' };

const maxTokens = 64;
/** How far a word beside an operator is looked for. */
const maxWordLength = 200;
const operators = /^(?:AND|OR|NOT)$/;

// A minus before a word, a phrase or a field excludes it; before a digit it is the sign of a number.
const tokenPattern =
  /(?<doi>(?:doi:\s*)?(?<![\p{L}\p{N}])10\.\d{4,9}\/[^\s"]+)|(?<minus>(?<![^\s(])-(?=["(\p{L}]))?(?:(?:(?<field>[a-z]+):)?(?:"(?<phrase>[^"]*)"?|(?<word>[^\s"()]+))|(?<open>\())|(?<close>\))/giu;

/** The words, phrases, operators and parentheses of what a person typed. */
export function tokenizeQuery(text: string): readonly QueryToken[] {
  const typed = normalizeQuery(text);
  const isOperator = operatorTest(typed);
  const tokens: QueryToken[] = [];
  for (const match of typed.matchAll(tokenPattern)) {
    if (tokens.length >= maxTokens) break;
    tokens.push(...tokensOfMatch(match.groups ?? {}, () => isOperator(match[0], match.index)));
  }
  return tokens.slice(0, maxTokens);
}

/** Quotation marks of all kinds become straight ones, an address of a DOI the DOI, and "H & E" one word. */
function normalizeQuery(text: string): string {
  return readableText(text)
    .replace(invisibleCharacters, '')
    .replace(/[\u201c-\u201f\u00ab\u00bb\u2033\u2036\u301d-\u301f\uff02\u300c-\u300f]/gu, '"')
    .replace(/https?:\/\/(?:dx\.|www\.)?doi\.org\//giu, 'doi:')
    .replace(/(?<![\p{L}\p{N}])(\p{L}{1,2}) & (\p{L}{1,2})(?![\p{L}\p{N}])/gu, '$1&$2');
}

/**
 * AND, OR and NOT are operators, unless they are words of a text in capitals: a caption that was pasted. In a text without
 * small letters, NOT is always a word, and AND and OR are operators only where nothing but single words stands between them.
 */
function operatorTest(text: string): (token: string, index: number) => boolean {
  const words = text.replace(/"[^"]*"?/gu, ' ').match(/[^\s()]+/gu) ?? [];
  const plain = words.filter((word) => !operators.test(word) && /\p{L}/u.test(word));
  const inCapitals = plain.filter(isInCapitals);
  if (plain.length > 0 && inCapitals.length === plain.length) {
    const alternates = words.every((word, i) => operators.test(word) === (i % 2 === 1) && word !== 'NOT');
    return () => alternates;
  }
  const isMostlyCapitals = inCapitals.length >= 4 && inCapitals.length >= 0.6 * plain.length;
  if (!isMostlyCapitals) return () => true;
  return (token, index) => {
    const before = text.slice(Math.max(0, index - maxWordLength), index).match(/[^\s()]+(?=[\s()]*$)/u)?.[0];
    const after = text.slice(index + token.length, index + token.length + maxWordLength).match(/[^\s()]+/u)?.[0];
    return [before, after].some((word) => word !== undefined && !isInCapitals(word));
  };
}

function isInCapitals(word: string): boolean {
  return /\p{Lu}/u.test(word) && !/\p{Ll}/u.test(word);
}

function tokensOfMatch(
  groups: Readonly<Record<string, string | undefined>>,
  isOperator: () => boolean,
): readonly QueryToken[] {
  const { doi, minus, field, phrase, word, open, close } = groups;
  const not: readonly QueryToken[] = minus === undefined ? [] : [{ kind: 'not' }];
  if (open !== undefined) return [...not, { kind: 'open' }];
  if (close !== undefined) return [{ kind: 'close' }];
  if (doi !== undefined) return [doiToken(doi)];
  const name = field?.toLowerCase();
  const column = name === undefined ? null : (fields[name] ?? null);
  // A colon after a word that is no field: both are words.
  const stray: readonly QueryToken[] =
    field !== undefined && column === null ? [{ kind: 'word', text: field, prefix: false, column: null }, ...not] : [];
  const before = [...not, ...stray];
  const inIndex = (text: string): string => (name === undefined ? text : (idForms[name]?.(text) ?? text));
  if (phrase !== undefined) return [...before, { kind: 'phrase', text: inIndex(phrase), column }];
  return [
    ...before,
    tokenOfWord(inIndex(word ?? ''), column, minus === undefined && field === undefined && isOperator()),
  ];
}

/** What follows the DOI in a sentence is none of it. */
function doiToken(written: string): QueryToken {
  const trimmed = written.replace(/[.,;:'\]}>*]+$/u, '');
  const isUnbalanced = trimmed.endsWith(')') && !trimmed.includes('(');
  const doi = normalizeDoi(isUnbalanced ? trimmed.slice(0, -1) : trimmed);
  const isField = /^doi:/iu.test(written);
  return { kind: 'word', text: doi, prefix: written.endsWith('*'), column: isField ? 'ids' : null };
}

function tokenOfWord(written: string, column: WordField | null, mayBeOperator: boolean): QueryToken {
  if (mayBeOperator && operators.test(written)) return { kind: written.toLowerCase() as 'and' | 'or' | 'not' };
  return { kind: 'word', text: written, prefix: /[\p{L}\p{N}]\*$/u.test(written), column };
}
