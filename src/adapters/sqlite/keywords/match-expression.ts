import { groupedTokens } from '../../../domain/text/marked-terms.js';
import type { QueryToken } from '../../../domain/text/query-tokens.js';
import { joinByOr, phraseExpression, wordExpression } from './query-terms.js';

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
    return joinByOr(parts);
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
    const positive = joinByOr(wanted);
    const negative = joinByOr(unwanted);
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
