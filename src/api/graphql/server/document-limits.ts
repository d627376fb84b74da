import {
  Kind,
  Lexer,
  Source,
  TokenKind,
  parse,
  type DocumentNode,
  type FieldNode,
  type SelectionSetNode,
} from 'graphql';
import { FigseekError } from '../../../domain/errors.js';

/** Nested brackets of every kind: selections, lists and objects. A deeper document would fill the stack of the parser. */
const maxNesting = 64;
const maxDirectives = 64;
/** Errors repeat names. */
const maxName = 500;
const maxVariableUses = 256;
/** Selected fields, each fragment counted wherever it is spread. */
const maxSelectedFields = 5000;
/** Fields with one name in one place: validation compares each with each. */
const maxComparedFields = 5000;

const opening = new Set<TokenKind>([TokenKind.BRACE_L, TokenKind.BRACKET_L, TokenKind.PAREN_L]);
const closing = new Set<TokenKind>([TokenKind.BRACE_R, TokenKind.BRACKET_R, TokenKind.PAREN_R]);

/**
 * Parses a document that is small enough for its validation to be cheap. Validation takes seconds where a document of a
 * megabyte repeats one field, one directive or one unknown variable, and nothing else runs meanwhile.
 * @throws {FigseekError} QUERY_TOO_COMPLEX saying what is too much
 * @throws {GraphQLError} where the document is not GraphQL
 */
export function parseWithinLimits(text: string, maxTokens: number): DocumentNode {
  checkTokens(text, maxTokens);
  const document = parse(text, { maxTokens });
  checkSelections(document);
  return document;
}

/** Without a parser, which calls itself for every bracket. */
function checkTokens(text: string, maxTokens: number): void {
  const lexer = new Lexer(new Source(text));
  const counts = { tokens: 0, nesting: 0, directives: 0, variables: 0 };
  for (let token = lexer.advance(); token.kind !== TokenKind.EOF; token = lexer.advance()) {
    counts.tokens += 1;
    if (token.kind === TokenKind.NAME && token.end - token.start > maxName) refuse(`${maxName} letters in a name`);
    if (opening.has(token.kind)) counts.nesting += 1;
    if (closing.has(token.kind)) counts.nesting -= 1;
    if (token.kind === TokenKind.AT) counts.directives += 1;
    if (token.kind === TokenKind.DOLLAR) counts.variables += 1;
    if (counts.tokens > maxTokens) refuse(`${maxTokens} tokens in a query (FIGSEEK_MAX_QUERY_TOKENS)`);
    if (counts.nesting > maxNesting) refuse(`${maxNesting} nested brackets in a query`);
    if (counts.directives > maxDirectives) refuse(`${maxDirectives} directives in a query`);
    if (counts.variables > maxVariableUses) refuse(`${maxVariableUses} mentions of variables in a query`);
  }
}

function checkSelections({ definitions }: DocumentNode): void {
  const merged = new MergedFields(definitions);
  for (const node of definitions) {
    if (node.kind === Kind.FRAGMENT_DEFINITION || node.kind === Kind.OPERATION_DEFINITION) {
      merged.count([node.selectionSet], 0);
    }
  }
}

/** Counts what is selected in all, and how many pairs of fields validation has to compare: those of one name are merged. */
class MergedFields {
  private fields = 0;
  private pairs = 0;
  private readonly fragments = new Map<string, SelectionSetNode>();

  constructor(definitions: DocumentNode['definitions']) {
    for (const node of definitions) {
      if (node.kind === Kind.FRAGMENT_DEFINITION) this.fragments.set(node.name.value, node.selectionSet);
    }
  }

  count(sets: readonly SelectionSetNode[], depth: number): void {
    // A fragment that holds itself: validation says so.
    if (depth > maxNesting) return;
    const nestedByName = new Map<string, SelectionSetNode[]>();
    const countByName = new Map<string, number>();
    for (const { name, alias, selectionSet } of this.fieldsOf(sets)) {
      const key = alias?.value ?? name.value;
      const before = countByName.get(key) ?? 0;
      countByName.set(key, before + 1);
      if (selectionSet !== undefined) nestedByName.set(key, [...(nestedByName.get(key) ?? []), selectionSet]);
      this.add(before);
    }
    for (const nested of nestedByName.values()) this.count(nested, depth + 1);
  }

  private *fieldsOf(sets: readonly SelectionSetNode[]): Generator<FieldNode> {
    const spread = new Set<string>();
    const waiting = [...sets];
    for (let set = waiting.pop(); set !== undefined; set = waiting.pop()) {
      for (const node of set.selections) {
        if (node.kind === Kind.FIELD) yield node;
        if (node.kind === Kind.INLINE_FRAGMENT) waiting.push(node.selectionSet);
        if (node.kind !== Kind.FRAGMENT_SPREAD || spread.has(node.name.value)) continue;
        spread.add(node.name.value);
        const fragment = this.fragments.get(node.name.value);
        if (fragment !== undefined) waiting.push(fragment);
      }
    }
  }

  private add(sameName: number): void {
    this.fields += 1;
    this.pairs += sameName;
    if (this.fields > maxSelectedFields) {
      refuse(`${maxSelectedFields} selected fields in a query, those of fragments counted at each spread`);
    }
    if (this.pairs > maxComparedFields) {
      refuse(`about ${Math.floor(Math.sqrt(2 * maxComparedFields))} fields of one name in one place`);
    }
  }
}

function refuse(limit: string): never {
  throw new FigseekError('QUERY_TOO_COMPLEX', `Expected at most ${limit} but received more; ask in several requests`);
}
