import { parseQuery, wantedLeaves, type QueryLeaf, type QueryNode } from '../../../domain/text/parse-query.js';
import type { Expansion } from '../../../domain/text/synonyms.js';
import { isStopWord } from '../../../domain/text/stop-words.js';
import { joinByOr, phraseExpression, wordExpression } from './query-terms.js';

/**
 * What a person types → an expression of SQLite's FTS5 that is always valid. Any of the words may match, more are better;
 * every word is quoted, so that none of it can be syntax.
 * @param expansions whose synonyms may match as well
 * @returns null where nothing is left that could match
 */
export function toMatchExpression(text: string, expansions: readonly Expansion[] = []): string | null {
  const query = parseQuery(text);
  const toExpression = saysMore(query) ? expressionWithoutStopWords : leafExpression;
  const synonyms = expansions.flatMap((expansion) => expansion.synonyms.map(synonymExpression));
  return joinByOr([joinNodes('list', [query], toExpression), ...synonyms]);
}

/** Its words one after the other. */
export function synonymExpression(synonym: string): string | null {
  return phraseExpression(synonym, null);
}

/** The words and phrases that a text asks for, each once; stop words only where it holds nothing else. */
export function scoredLeaves(text: string): readonly QueryLeaf[] {
  const query = parseQuery(text);
  const onlyStopWords = !saysMore(query);
  const leaves = wantedLeaves(query).filter((leaf) => onlyStopWords || !isPlainStopWord(leaf));
  return [...new Map(leaves.map((leaf) => [leafExpression(leaf), leaf])).values()];
}

/** A leaf as an expression; null where nothing of it could match. */
export function leafExpression({ kind, text, prefix, field }: QueryLeaf): string | null {
  return kind === 'phrase' ? phraseExpression(text, field) : wordExpression(text, prefix, field);
}

type ToExpression = (leaf: QueryLeaf) => string | null;

const expressionWithoutStopWords: ToExpression = (leaf) => (isPlainStopWord(leaf) ? null : leafExpression(leaf));

/** @param kind `all`: joined by AND; else by OR. What is negated is taken away from the others. */
function joinNodes(
  kind: 'list' | 'all' | 'any',
  parts: readonly QueryNode[],
  toExpression: ToExpression,
): string | null {
  const wanted = parts.flatMap((part) => (part.kind === 'not' ? [] : [nodeExpression(part, toExpression)]));
  const unwanted = parts.flatMap((part) => (part.kind === 'not' ? [nodeExpression(part.part, toExpression)] : []));
  const positive = kind === 'all' ? joinByAnd(wanted) : joinByOr(wanted);
  const negative = joinByOr(unwanted);
  return positive === null || negative === null ? positive : `(${positive} NOT ${negative})`;
}

function nodeExpression(node: QueryNode, toExpression: ToExpression): string | null {
  switch (node.kind) {
    case 'word':
    case 'phrase':
      return toExpression(node);
    case 'not':
      return nodeExpression(node.part, toExpression);
    case 'list':
    case 'all':
    case 'any':
      return joinNodes(node.kind, node.parts, toExpression);
  }
}

function joinByAnd(expressions: readonly (string | null)[]): string | null {
  const all = [...new Set(expressions.filter((expression) => expression !== null))];
  return all.length > 1 ? `(${all.join(' AND ')})` : (all[0] ?? null);
}

/** Whether a query holds more than stop words. */
function saysMore(node: QueryNode): boolean {
  switch (node.kind) {
    case 'word':
      return !isPlainStopWord(node);
    case 'phrase':
      return true;
    case 'not':
      return saysMore(node.part);
    case 'list':
    case 'all':
    case 'any':
      return node.parts.some(saysMore);
  }
}

function isPlainStopWord({ kind, text, field }: QueryLeaf): boolean {
  return kind === 'word' && field === null && isStopWord(text);
}
