import { isStopWord } from './stop-words.js';
import { wantedLeaves, type QueryLeaf, type QueryNode } from './parse-query.js';
import type { WordField } from './query-tokens.js';

/** Which figures hold what a text requires, by the words of a figure, its panels and its article. */
export type WordCondition =
  | QueryLeaf
  /** The figure with this id. */
  | { readonly kind: 'figure'; readonly id: string }
  | { readonly kind: 'all' | 'any'; readonly parts: readonly WordCondition[] }
  | { readonly kind: 'not'; readonly part: WordCondition };

const figureId = /^fig_[0-9a-f]{24}$/;
const pmcid = /^PMC\d+$/i;
const operators = /^(?:AND|OR|NOT)$/;
const doi = /^10\.\d{4,9}\//;

/** Fields whose words tell what a picture shows. */
const describing: ReadonlySet<WordField> = new Set(['caption', 'alt', 'title', 'mentions']);

/**
 * What every answer to a query has to fulfill: its phrases, fields and ids, and what its operators say. Plain words side by
 * side require nothing: a figure may fit them by its picture.
 * @returns null where nothing is required
 */
export function conditionOf(node: QueryNode): WordCondition | null {
  switch (node.kind) {
    case 'word':
      return isRequired(node) ? leafCondition(node) : null;
    case 'phrase':
      return leafCondition(node);
    case 'not':
      return negated(strictCondition(node.part));
    case 'all':
      return strictCondition(node);
    case 'any':
      // One word that is free would leave the others free, too.
      return node.parts.some((part) => conditionOf(part) !== null) ? strictCondition(node) : null;
    case 'list':
      return allOf(node.parts.map(conditionOf));
  }
}

/** The text that a vector is made from: without operators, ids, and what is excluded. */
export function textToEmbed(node: QueryNode): string {
  return wantedLeaves(node)
    .filter(({ field, text }) => (field === null || describing.has(field)) && !isId(text))
    .map(({ text, prefix }) => (prefix ? text.replace(/\*$/u, '') : text))
    .join(' ')
    .trim();
}

/** All words that are asked for, as a text that requires nothing: without operators, ids and what is excluded. */
export function plainText(node: QueryNode): string {
  return wantedLeaves(node)
    .filter(({ field }) => field !== 'ids')
    .flatMap(({ text }) => plainWords(text))
    .join(' ');
}

/** The words of a phrase or a field, none of which would be an operator, a field or an id where it stands alone. */
function plainWords(text: string): readonly string[] {
  return text
    .replace(/(?<=[a-z]):/giu, ' ')
    .split(/[\s"()]+/u)
    .map((word) => word.replace(/^-+(?=\p{L})/u, ''))
    .filter((word) => word !== '' && !isId(word))
    .map((word) => (operators.test(word) ? word.toLowerCase() : word));
}

/** All of some conditions at once; null where nothing is required. */
export function allOf(conditions: readonly (WordCondition | null)[]): WordCondition | null {
  return joined('all', conditions);
}

/**
 * That a figure holds any word that is asked for, or a synonym; null where the text holds stop words only.
 * @param synonyms each to be found as it stands
 */
export function anyWordOf(node: QueryNode, synonyms: readonly string[]): WordCondition | null {
  const phrases = synonyms.map((text): QueryLeaf => ({ kind: 'phrase', text, prefix: false, field: null }));
  return joined('any', [...wantedLeaves(node), ...phrases].map(leafCondition));
}

/** How many times the words of a corpus are gone through for a condition: alternatives are looked for at once. */
export function countLookups(condition: WordCondition): number {
  switch (condition.kind) {
    case 'word':
    case 'phrase':
      return 1;
    case 'figure':
      return 0;
    case 'not':
      return countLookups(condition.part);
    case 'all':
      return condition.parts.reduce((sum, part) => sum + countLookups(part), 0);
    case 'any': {
      const others = condition.parts.filter((part) => !isLeaf(part));
      return others.reduce((sum, part) => sum + countLookups(part), condition.parts.some(isLeaf) ? 1 : 0);
    }
  }
}

export function isLeaf(condition: WordCondition): condition is QueryLeaf {
  return condition.kind === 'word' || condition.kind === 'phrase';
}

/** The condition as it stands where every word counts: behind NOT, and beside AND. */
function strictCondition(node: QueryNode): WordCondition | null {
  switch (node.kind) {
    case 'word':
    case 'phrase':
      return leafCondition(node);
    case 'not':
      return negated(strictCondition(node.part));
    case 'all':
    case 'any':
      return joined(node.kind, node.parts.map(strictCondition));
    case 'list':
      return conditionOf(node) ?? joined('any', node.parts.map(strictCondition));
  }
}

function leafCondition(leaf: QueryLeaf): WordCondition | null {
  if ((leaf.field === null || leaf.field === 'ids') && figureId.test(leaf.text))
    return { kind: 'figure', id: leaf.text };
  const words = leaf.text.match(/[\p{L}\p{N}]+/gu) ?? [];
  return leaf.field === null && words.every(isStopWord) ? null : words.length === 0 ? null : leaf;
}

/** A word in a field, and an id that can be nothing else. */
function isRequired({ field, text }: QueryLeaf): boolean {
  return field !== null || isId(text);
}

function isId(text: string): boolean {
  return figureId.test(text) || pmcid.test(text) || doi.test(text);
}

function negated(part: WordCondition | null): WordCondition | null {
  return part === null ? null : { kind: 'not', part };
}

function joined(kind: 'all' | 'any', given: readonly (WordCondition | null)[]): WordCondition | null {
  const each = new Map(given.flatMap((part) => (part === null ? [] : [[JSON.stringify(part), part]])));
  const parts = [...each.values()];
  const [only] = parts;
  if (only === undefined) return null;
  return parts.length === 1 ? only : { kind, parts };
}
