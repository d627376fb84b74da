import { Kind, Lexer, Source, TokenKind, parse, type DocumentNode, type SelectionSetNode } from 'graphql';
import { FigseekError } from '../../domain/errors.js';

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
    switch (token.kind) {
      case TokenKind.BRACE_L:
      case TokenKind.BRACKET_L:
      case TokenKind.PAREN_L:
        counts.nesting += 1;
        break;
      case TokenKind.BRACE_R:
      case TokenKind.BRACKET_R:
      case TokenKind.PAREN_R:
        counts.nesting -= 1;
        break;
      case TokenKind.AT:
        counts.directives += 1;
        break;
      case TokenKind.DOLLAR:
        counts.variables += 1;
        break;
      default:
    }
    if (counts.tokens > maxTokens) refuse(`${maxTokens} tokens in a query (FIGSEEK_MAX_QUERY_TOKENS)`);
    if (counts.nesting > maxNesting) refuse(`${maxNesting} nested brackets in a query`);
    if (counts.directives > maxDirectives) refuse(`${maxDirectives} directives in a query`);
    if (counts.variables > maxVariableUses) refuse(`${maxVariableUses} mentions of variables in a query`);
  }
}

/** What is selected in all, and how many pairs of fields validation has to compare: fields of one name are merged. */
function checkSelections(document: DocumentNode): void {
  const fragments = new Map<string, SelectionSetNode>();
  for (const node of document.definitions) {
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node.selectionSet);
  }
  const counts = { fields: 0, pairs: 0 };
  for (const node of document.definitions) {
    if (node.kind === Kind.FRAGMENT_DEFINITION || node.kind === Kind.OPERATION_DEFINITION) {
      countMerged([node.selectionSet], fragments, counts, 0);
    }
  }
}

function countMerged(
  sets: readonly SelectionSetNode[],
  fragments: ReadonlyMap<string, SelectionSetNode>,
  counts: { fields: number; pairs: number },
  depth: number,
): void {
  // A fragment that holds itself: validation says so.
  if (depth > maxNesting) return;
  const byName = new Map<string, { count: number; readonly sets: SelectionSetNode[] }>();
  const spread = new Set<string>();
  const waiting = [...sets];
  for (let set = waiting.pop(); set !== undefined; set = waiting.pop()) {
    for (const node of set.selections) {
      if (node.kind === Kind.INLINE_FRAGMENT) waiting.push(node.selectionSet);
      if (node.kind === Kind.FRAGMENT_SPREAD && !spread.has(node.name.value)) {
        spread.add(node.name.value);
        const fragment = fragments.get(node.name.value);
        if (fragment !== undefined) waiting.push(fragment);
      }
      if (node.kind !== Kind.FIELD) continue;
      const name = node.alias?.value ?? node.name.value;
      const before = byName.get(name) ?? { count: 0, sets: [] };
      byName.set(name, before);
      counts.fields += 1;
      counts.pairs += before.count;
      before.count += 1;
      if (node.selectionSet !== undefined) before.sets.push(node.selectionSet);
      if (counts.fields > maxSelectedFields) {
        refuse(`${maxSelectedFields} selected fields in a query, those of fragments counted at each spread`);
      }
      if (counts.pairs > maxComparedFields)
        refuse(`about ${Math.floor(Math.sqrt(2 * maxComparedFields))} fields of one name in one place`);
    }
  }
  for (const { sets: nested } of byName.values()) {
    if (nested.length > 0) countMerged(nested, fragments, counts, depth + 1);
  }
}

function refuse(limit: string): never {
  throw new FigseekError('QUERY_TOO_COMPLEX', `Expected at most ${limit} but received more; ask in several requests`);
}
