import { groupedTokens } from './marked-terms.js';
import type { QueryToken, WordField } from './query-tokens.js';

/** A word (with what joins it: "TNF alpha", "H&E") or a phrase, in one field or, where it is null, in any. */
export interface QueryLeaf {
  readonly kind: 'word' | 'phrase';
  readonly text: string;
  /** Whether the word may go on. */
  readonly prefix: boolean;
  readonly field: WordField | null;
}

/**
 * What a text asks for.
 * - `list`: parts side by side; any of the words may be there, phrases and fields have to be
 * - `all`: joined by AND
 * - `any`: joined by OR
 */
export type QueryNode =
  | QueryLeaf
  | { readonly kind: 'list' | 'all' | 'any'; readonly parts: readonly QueryNode[] }
  | { readonly kind: 'not'; readonly part: QueryNode };

const deepest = 8;

/** A text of more words is prose, unless it has fields, AND or OR. */
const longestQuery = 20;

/**
 * Reads words, `"phrases"`, `prefixes*`, `AND`, `OR`, `NOT` or `-word`, parentheses and `field:value` in a text. NOT binds
 * most, then AND, then OR. Whatever has no meaning where it stands is passed over: no text is a syntax error.
 */
export function parseQuery(text: string): QueryNode {
  const tokens = groupedTokens(text);
  return new Parser(areProse(tokens) ? tokens.filter(isLeaf) : tokens).parse();
}

/** Whether a text is prose, such as a caption that was pasted: it requires nothing, whatever marks and ids it holds. */
export function isProse(text: string): boolean {
  return areProse(groupedTokens(text));
}

/** The words and phrases that are not excluded, in their order. */
export function wantedLeaves(node: QueryNode): readonly QueryLeaf[] {
  switch (node.kind) {
    case 'word':
    case 'phrase':
      return [node];
    case 'not':
      return [];
    case 'list':
    case 'all':
    case 'any':
      return node.parts.flatMap(wantedLeaves);
  }
}

/** Recursive descent. */
class Parser {
  private at = 0;

  constructor(private readonly tokens: readonly QueryToken[]) {}

  parse(): QueryNode {
    const parts: QueryNode[] = [];
    while (this.at < this.tokens.length) {
      parts.push(...this.list(0));
      // A closing parenthesis without its opening one.
      this.at++;
    }
    return joined('list', parts);
  }

  private list(depth: number): readonly QueryNode[] {
    const parts: QueryNode[] = [];
    while (this.at < this.tokens.length && this.peek() !== 'close') {
      const part = this.chain('any', 'or', () => this.chain('all', 'and', () => this.unary(depth)));
      if (part !== null) parts.push(part);
    }
    return parts;
  }

  /** Parts with an operator between them; one that stands before or behind them all is passed over. */
  private chain(kind: 'any' | 'all', operator: 'or' | 'and', next: () => QueryNode | null): QueryNode | null {
    const parts: QueryNode[] = [];
    for (;;) {
      while (this.peek() === operator) this.at++;
      const part = next();
      if (part !== null) parts.push(part);
      if (this.peek() !== operator) return parts.length === 0 ? null : joined(kind, parts);
    }
  }

  private unary(depth: number): QueryNode | null {
    let isNegated = false;
    while (this.peek() === 'not') {
      this.at++;
      isNegated = true;
    }
    const part = this.one(depth);
    return part !== null && isNegated ? { kind: 'not', part } : part;
  }

  private one(depth: number): QueryNode | null {
    const token = this.tokens[this.at];
    if (token === undefined) return null;
    switch (token.kind) {
      case 'open': {
        this.at++;
        const inner = depth < deepest ? this.list(depth + 1) : [];
        if (this.peek() === 'close') this.at++;
        return inner.length === 0 ? null : joined('list', inner);
      }
      case 'phrase':
      case 'word': {
        this.at++;
        const { kind, text, column: field } = token;
        return { kind, text, prefix: token.kind === 'word' && token.prefix, field };
      }
      // Whoever asked takes these.
      case 'and':
      case 'or':
      case 'not':
      case 'close':
        return null;
    }
  }

  private peek(): QueryToken['kind'] | null {
    return this.tokens[this.at]?.kind ?? null;
  }
}

function joined(kind: 'list' | 'all' | 'any', parts: readonly QueryNode[]): QueryNode {
  const [only] = parts;
  return only !== undefined && parts.length === 1 ? only : { kind, parts };
}

function areProse(tokens: readonly QueryToken[]): boolean {
  const words = tokens.filter(({ kind }) => kind === 'word');
  return words.length > longestQuery && !tokens.some(isDeliberate);
}

/** What nobody writes who does not ask for it: a field, and AND or OR. An id stands in many captions. */
function isDeliberate(token: QueryToken): boolean {
  if (token.kind === 'word' || token.kind === 'phrase') return token.column !== null && token.column !== 'ids';
  return token.kind === 'and' || token.kind === 'or';
}

function isLeaf({ kind }: QueryToken): boolean {
  return kind === 'word' || kind === 'phrase';
}
