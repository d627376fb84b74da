import { analyzeText } from '../../../domain/text/analyze-text.js';
import { tokenizeQuery, type QueryToken } from './query-tokens.js';
import { anyOf, phraseExpression, wordExpression } from './query-terms.js';

// Words of a question that say nothing about a figure; with OR they would only add noise and cost.
const stopWords = new Set('a an and are as at by for from in is it of on or that the this to was were with'.split(' '));

const deepest = 8;

/**
 * What a person types → an expression of SQLite's FTS5 that is always valid.
 *
 * Words: any of them may match, more are better. `"a phrase"`, `prefix*`, `AND`, `OR`, `NOT` or `-word`, parentheses, and a
 * field before a colon (caption, alt, label, title, journal, mention, pmcid, pmid, doi). Whatever does not fit this form
 * is read as words; every word is quoted, so that none of it can be syntax.
 * @returns null where nothing is left that could match
 */
export function toMatchExpression(text: string): string | null {
  return new Parser(groupedTokens(text)).parse();
}

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
function groupedTokens(text: string): readonly QueryToken[] {
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

/** Recursive descent; `or` binds least. What has no meaning where it stands is passed over. */
class Parser {
  private at = 0;
  private readonly saysMore: boolean;

  constructor(private readonly tokens: readonly QueryToken[]) {
    const told = tokens.filter((token) => token.kind === 'word' && !isStopWord(token.text));
    this.saysMore = told.length > 0 || tokens.some(({ kind }) => kind === 'phrase');
  }

  parse(): string | null {
    const parts: string[] = [];
    while (this.at < this.tokens.length) {
      const part = this.alternatives(0);
      if (part !== null) parts.push(part);
      // A closing parenthesis without its opening one.
      else this.at++;
    }
    return anyOf(parts);
  }

  private alternatives(depth: number): string | null {
    const wanted: string[] = [];
    const unwanted: string[] = [];
    while (this.at < this.tokens.length && this.peek() !== 'close') {
      if (this.peek() === 'or' || this.peek() === 'and') {
        this.at++;
      } else if (this.peek() === 'not') {
        this.at++;
        pushTo(unwanted, this.one(depth));
      } else {
        pushTo(wanted, this.together(depth));
      }
    }
    const positive = anyOf(wanted);
    const negative = anyOf(unwanted);
    return positive === null || negative === null ? positive : `(${positive} NOT ${negative})`;
  }

  /** `a AND b AND NOT c` */
  private together(depth: number): string | null {
    let all = this.one(depth);
    while (this.peek() === 'and') {
      this.at++;
      const negated = this.peek() === 'not';
      if (negated) this.at++;
      const next = this.one(depth);
      if (next === null) continue;
      if (all === null) all = negated ? null : next;
      else all = `(${all} ${negated ? 'NOT' : 'AND'} ${next})`;
    }
    return all;
  }

  private one(depth: number): string | null {
    const token = this.tokens[this.at];
    if (token === undefined || token.kind === 'close') return null;
    this.at++;
    switch (token.kind) {
      case 'open': {
        const inner = depth < deepest ? this.alternatives(depth + 1) : null;
        if (this.peek() === 'close') this.at++;
        return inner;
      }
      case 'phrase':
        return phraseExpression(token.text, token.column);
      case 'word':
        return this.saysMore && token.column === null && isStopWord(token.text)
          ? null
          : wordExpression(token.text, token.prefix, token.column);
      case 'and':
      case 'or':
      case 'not':
        return null;
    }
  }

  private peek(): QueryToken['kind'] | null {
    return this.tokens[this.at]?.kind ?? null;
  }
}

function isStopWord(text: string): boolean {
  return stopWords.has(text.toLowerCase());
}

function pushTo(list: string[], part: string | null): void {
  if (part !== null) list.push(part);
}
