import { isCompound, joinedForms, plainWords } from './searchable-text.js';

/** Columns of the keyword index, by the names that a query may use before a colon. */
const columns: Readonly<Record<string, string>> = {
  caption: 'caption',
  alt: 'alt',
  label: '{label labels}',
  labels: '{label labels}',
  title: 'title',
  journal: 'journal',
  mention: 'mentions',
  mentions: 'mentions',
  pmcid: 'ids',
  pmid: 'ids',
  doi: 'ids',
};

// Words of a question that say nothing about a figure; with OR they would only add noise and cost.
const stopWords = new Set('a an and are as at by for from in is it of on or that the this to was were with'.split(' '));

const mostTokens = 64;
const deepest = 8;

type Token =
  | { readonly kind: 'word'; readonly text: string; readonly prefix: boolean; readonly column: string | null }
  | { readonly kind: 'phrase'; readonly text: string; readonly column: string | null }
  | { readonly kind: 'and' | 'or' | 'not' | 'open' | 'close' };

/**
 * What a person types → an expression of SQLite's FTS5 that is always valid.
 *
 * Words: any of them may match, more are better. `"a phrase"`, `prefix*`, `AND`, `OR`, `NOT` or `-word`, parentheses, and a
 * field before a colon (caption, alt, label, title, journal, mention, pmcid, pmid, doi). Whatever does not fit this form
 * is read as words; every word is quoted, so that none of it can be syntax.
 * @returns null where nothing is left that could match
 */
export function toMatchExpression(text: string): string | null {
  return new Parser(tokensOf(text)).parse();
}

/** The words that a hit may show, for marking; those of `NOT` are not among them. */
export function wordsOf(text: string): readonly string[] {
  let negated = false;
  return tokensOf(text).flatMap((token) => {
    if (token.kind === 'not') negated = true;
    if (token.kind !== 'word' && token.kind !== 'phrase') return [];
    const skipped = negated;
    negated = false;
    return skipped || token.column === 'ids' ? [] : plainWords(token.text);
  });
}

function tokensOf(text: string): readonly Token[] {
  const found = text.matchAll(
    /(?:(?<field>[a-z]+):)?(?:"(?<phrase>[^"]*)"?|(?<word>[^\s"()]+))|(?<open>\()|(?<close>\))/giu,
  );
  const tokens: Token[] = [];
  for (const { groups = {} } of found) tokens.push(...tokensOfMatch(groups));
  return tokens.slice(0, mostTokens);
}

function tokensOfMatch(groups: Readonly<Record<string, string | undefined>>): readonly Token[] {
  const { field, phrase, word, open, close } = groups;
  if (open !== undefined) return [{ kind: 'open' }];
  if (close !== undefined) return [{ kind: 'close' }];
  const column = field === undefined ? null : (columns[field.toLowerCase()] ?? null);
  // A colon after a word that is no field: both are words.
  const stray: readonly Token[] =
    field !== undefined && column === null ? [{ kind: 'word', text: field, prefix: false, column: null }] : [];
  if (phrase !== undefined) return [...stray, { kind: 'phrase', text: phrase, column }];
  return [...stray, ...tokensOfWord(word ?? '', column, field !== undefined)];
}

function tokensOfWord(written: string, column: string | null, hasField: boolean): readonly Token[] {
  if (!hasField && /^(?:AND|OR|NOT)$/.test(written)) return [{ kind: written.toLowerCase() as 'and' | 'or' | 'not' }];
  const negative = !hasField && /^-[\p{L}\p{N}]/u.test(written);
  const bare = negative ? written.slice(1) : written;
  const token: Token = { kind: 'word', text: bare, prefix: /[\p{L}\p{N}]\*$/u.test(bare), column };
  return negative ? [{ kind: 'not' }, token] : [token];
}

/** Recursive descent; `or` binds least. What has no meaning where it stands is passed over. */
class Parser {
  private at = 0;
  private readonly saysMore: boolean;

  constructor(private readonly tokens: readonly Token[]) {
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
    return joinedBy(parts, 'OR');
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
    const positive = joinedBy(wanted, 'OR');
    const negative = joinedBy(unwanted, 'OR');
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
        return inColumn(token.column, phraseOf(plainWords(token.text)));
      case 'word':
        return this.saysMore && token.column === null && isStopWord(token.text) ? null : ofWord(token);
      case 'and':
      case 'or':
      case 'not':
        return null;
    }
  }

  private peek(): Token['kind'] | null {
    return this.tokens[this.at]?.kind ?? null;
  }
}

function isStopWord(text: string): boolean {
  return stopWords.has(text.toLowerCase());
}

/** "IL-6" is the phrase "il 6" or the word "il6"; without a hyphen a word is itself. */
function ofWord({ text, prefix, column }: Extract<Token, { kind: 'word' }>): string | null {
  const parts = plainWords(text);
  const phrase = phraseOf(parts);
  if (phrase === null) return null;
  const together = isCompound(text) ? joinedForms(text).map((form) => `"${form}"`) : [];
  // Words that only punctuation holds together ("lung,heart") are words.
  const loose = parts.length > 1 && together.length === 0 && column !== 'ids';
  const forms = loose ? parts.map((part) => `"${part}"`) : [phrase, ...together];
  const last = forms.length - 1;
  return inColumn(
    column,
    joinedBy(
      forms.map((form, i) => (prefix && i === last ? `${form}*` : form)),
      'OR',
    ),
  );
}

function phraseOf(words: readonly string[]): string | null {
  return words.length === 0 ? null : `"${words.join(' ')}"`;
}

function inColumn(column: string | null, expression: string | null): string | null {
  return column === null || expression === null ? expression : `(${column} : ${expression})`;
}

function joinedBy(parts: readonly string[], operator: 'OR'): string | null {
  const [first] = parts;
  if (first === undefined) return null;
  return parts.length === 1 ? first : `(${[...new Set(parts)].join(` ${operator} `)})`;
}

function pushTo(list: string[], part: string | null): void {
  if (part !== null) list.push(part);
}
