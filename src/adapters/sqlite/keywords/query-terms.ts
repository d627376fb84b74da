import { analyzeText, type WordGroup } from '../../../domain/text/analyze-text.js';
import type { WordField } from '../../../domain/text/query-tokens.js';
import { idTerm } from './searchable-text.js';

// A longer run of characters is a sentence; few texts have it whole.
const maxCharactersOfPhrase = 6;

/** One word of a query → an expression over its terms, other spellings and, where it looks like one, the id. */
export function wordExpression(text: string, prefix: boolean, column: WordField | null): string | null {
  if (column === 'ids') return /[\p{L}\p{N}]/u.test(text) ? inColumn(column, quoted(idTerm(text), prefix)) : null;
  const groups = analyzeText(text);
  const last = groups.length - 1;
  const parts = groups.map((group, i) => groupExpression(group, prefix && i === last));
  // The whole of an id is one term; what it consists of are words only where they stand together.
  const isDoi = /^10\.\d{4,9}\//u.test(text);
  const words = isDoi ? quoted(termsOf(groups).join(' '), prefix) : joinByOr(parts);
  const id = column === null && mayBeId(text) ? [quoted(idTerm(text), prefix)] : [];
  return inColumn(column, joinByOr(words === null ? [] : [words, ...id]));
}

/** What is between quotation marks: its terms, one after the other. */
export function phraseExpression(text: string, column: WordField | null): string | null {
  if (column === 'ids') return wordExpression(text, false, column);
  const terms = termsOf(analyzeText(text));
  return terms.length === 0 ? null : inColumn(column, quoted(terms.join(' '), false));
}

function groupExpression({ kind, words, forms }: WordGroup, prefix: boolean): string | null {
  const spelled = forms.map((form) => quoted(form, prefix));
  switch (kind) {
    case 'unit':
      return joinByOr(spelled);
    case 'characters':
      return charactersExpression(words.map(({ terms }) => terms[0] ?? ''));
    case 'word':
      return joinByOr([
        quoted(words.flatMap(({ terms }) => terms).join(' '), prefix && forms.length === 0),
        ...spelled,
      ]);
    case 'loose':
      return joinByOr([...words.map(({ terms }) => quoted(terms.join(' '), false)), ...spelled]);
  }
}

/** @param pairs two characters each, the last one alone, as the index has them */
function charactersExpression(pairs: readonly string[]): string | null {
  const [only = ''] = pairs;
  if (pairs.length === 1) return quoted(only, true);
  const whole = pairs.slice(0, -1);
  return pairs.length <= maxCharactersOfPhrase
    ? quoted(whole.join(' '), false)
    : joinByOr(whole.map((pair) => quoted(pair, false)));
}

/** The terms of a phrase: at its end, characters may go on in the text. */
function termsOf(groups: readonly WordGroup[]): readonly string[] {
  return groups.flatMap(({ kind, words }, i) => {
    const goesOn = kind === 'characters' && i === groups.length - 1 && words.length > 1;
    return (goesOn ? words.slice(0, -1) : words).flatMap(({ terms }) => terms);
  });
}

/** Digits beside letters, or many digits. */
function mayBeId(text: string): boolean {
  return /\d/u.test(text) && (/\d{5}/u.test(text) || /\p{L}/u.test(text));
}

function quoted(terms: string, prefix: boolean): string {
  return prefix ? `"${terms}"*` : `"${terms}"`;
}

function inColumn(column: WordField | null, expression: string | null): string | null {
  if (column === null || expression === null) return expression;
  return `(${column === 'label' ? '{label labels}' : column} : ${expression})`;
}

/** The expressions that are there, joined by OR. */
export function joinByOr(expressions: readonly (string | null)[]): string | null {
  const all = [...new Set(expressions.filter((expression) => expression !== null))];
  const [first] = all;
  if (first === undefined) return null;
  return all.length === 1 ? first : `(${all.join(' OR ')})`;
}
