import { analyzeText } from './analyze-text.js';
import { tokenizeQuery, type QueryToken } from './query-tokens.js';

/** What a hit may show of a query, for marking; what is ruled out by `NOT` is not among it. */
export interface MarkedTerms {
  /** Terms and other spellings, folded as the keyword index folds them. */
  readonly terms: readonly string[];
  /** Beginnings of terms. */
  readonly prefixes: readonly string[];
}

/** The terms of a query's words and phrases. */
export function markedTerms(text: string): MarkedTerms {
  const terms: string[] = [];
  const prefixes: string[] = [];
  let isNegated = false;
  for (const token of groupedTokens(text)) {
    if (token.kind === 'not') isNegated = true;
    if (token.kind !== 'word' && token.kind !== 'phrase') continue;
    const isMarked = !isNegated && token.column !== 'ids';
    isNegated = false;
    if (!isMarked) continue;
    const isPrefix = token.kind === 'word' && token.prefix;
    for (const { kind, words, forms } of analyzeText(token.text)) {
      const own = kind === 'unit' ? [] : words.flatMap((word) => word.terms);
      // The last one of several characters is part of the pair before it; a single one begins a pair.
      const isPair = kind === 'characters' && own.length > 1;
      terms.push(...(isPair ? own.slice(0, -1) : own), ...forms);
      if (!isPair && (isPrefix || kind === 'characters')) prefixes.push(...own.slice(-1));
    }
  }
  return { terms, prefixes };
}

/** "TNF alpha" is read as one symbol as well: words that form a group when they stand together are one token. */
export function groupedTokens(text: string): readonly QueryToken[] {
  const grouped: QueryToken[] = [];
  for (const token of tokenizeQuery(text)) {
    const previous = grouped.at(-1);
    if (isPlainWord(previous) && isPlainWord(token)) {
      const text = `${previous.text} ${token.text}`;
      if (analyzeText(text).length === 1) {
        grouped[grouped.length - 1] = { ...token, text };
        continue;
      }
    }
    grouped.push(token);
  }
  return grouped;
}

function isPlainWord(token: QueryToken | undefined): token is Extract<QueryToken, { kind: 'word' }> {
  return token?.kind === 'word' && token.column === null && !token.prefix;
}
