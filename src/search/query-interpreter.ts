import { FigseekError } from '../domain/errors.js';
import type { CorpusState } from '../domain/corpus-state.js';
import type { FigureFilter } from '../domain/figure-filter.js';
import { isProse, parseQuery, type QueryLeaf } from '../domain/text/parse-query.js';
import {
  allOf,
  conditionOf,
  countLookups,
  plainText,
  textToEmbed,
  type WordCondition,
} from '../domain/text/word-condition.js';
import type { Expansion, Synonyms } from '../domain/text/synonyms.js';
import type { FigureFilters } from '../ports/figure-filters.js';
import type { KeywordIndex } from '../ports/keyword-index.js';
import type { SearchRequest, Term } from './search-request.js';

/** From so many other figures on that hold it, what could be an id is a word. */
const usedAsWord = 3;
/** “CD3”, “IL-6”; longer ids are no words, though their parts may be. */
const looksLikeWord = /^[\p{L}\p{N}-]{1,8}$/u;

/** Each goes through all panels that hold a word. */
const maxLookups = 16;

/** What the terms of a query mean for each channel, and what every answer has to hold. */
export interface Interpretation {
  /** What vectors are made from: without operators, ids, and what is excluded. A term of which nothing is left is not in it. */
  readonly terms: readonly Term[];
  /** Null where nothing is required. */
  readonly condition: WordCondition | null;
  /** The words of the texts without conditions; empty where they hold ids and exclusions only. */
  readonly unconstrainedText: string;
  /** Other words for those of a text, by its term in the request. */
  readonly expansions: ReadonlyMap<Term, readonly Expansion[]>;
}

/** What one term of a request means. */
interface ReadTerm {
  readonly given: Term;
  /** What a vector is made from; null: nothing is left. */
  readonly term: Term | null;
  readonly condition: WordCondition | null;
  readonly expansions: readonly Expansion[];
  /** Its words without conditions. */
  readonly words: string;
}

/**
 * Reads phrases, fields, ids and operators in the texts of a query: they hold for every channel, whatever a picture looks
 * like. A text without any of these is embedded as it is.
 */
export class QueryInterpreter {
  constructor(
    private readonly keywords: Pick<KeywordIndex, 'count'>,
    private readonly filters: Pick<FigureFilters, 'resolve'>,
    private readonly synonyms: Synonyms,
  ) {}

  async interpret(
    { terms, expand }: Pick<SearchRequest, 'terms' | 'expand'>,
    asOf: CorpusState,
  ): Promise<Interpretation> {
    const read = await Promise.all(terms.map((term) => this.readTerm(term, asOf)));
    const lookups = read.reduce((sum, { condition }) => sum + (condition === null ? 0 : countLookups(condition)), 0);
    if (lookups > maxLookups) {
      throw new FigseekError(
        'BAD_USER_INPUT',
        `Expected at most ${maxLookups} phrases, fields, ids and words beside AND and NOT but received ${lookups}`,
      );
    }
    return {
      terms: read.flatMap(({ term }) => (term === null ? [] : [term])),
      condition: allOf(read.map(({ condition }) => condition)),
      expansions: new Map(expand ? read.map(({ given, expansions }) => [given, expansions]) : []),
      unconstrainedText: read.flatMap(({ words }) => (words === '' ? [] : [words])).join(' '),
    };
  }

  private async readTerm(given: Term, asOf: CorpusState): Promise<ReadTerm> {
    const free = { given, term: given, condition: null, expansions: [] };
    // A term that pushes away requires nothing.
    if (given.kind === 'image' || given.weight < 0) return { ...free, words: '' };
    if (isProse(given.text)) return { ...free, words: given.text };
    const query = parseQuery(given.text);
    const expansions = this.synonyms.expand(query);
    const condition =
      conditionOf(query) ?? (query.kind === 'word' && (await this.isId(query, asOf)) ? inIds(query) : null);
    if (condition === null) return { ...free, expansions, words: given.text };
    const text = condition.kind === 'word' && condition.field === 'ids' ? '' : textToEmbed(query);
    const term = text === '' ? null : { ...given, text };
    return { given, term, condition, expansions, words: plainText(query) };
  }

  /** Whether a word that may be the id of a record is one, and no word of other figures. */
  private async isId({ text, field, prefix }: QueryLeaf, asOf: CorpusState): Promise<boolean> {
    if (field !== null || prefix || !/[\d_-]/u.test(text)) return false;
    const scope = await this.filters.resolve(null, asOf);
    const count = (asked: string): Promise<number> => this.keywords.count({ text: asked, scope, asOf });
    const withId = await count(`id:"${text}"`);
    // The name of an image file counts as an id, and may be a word of captions as well ("CD3.png").
    return withId > 0 && (!looksLikeWord.test(text) || (await count(text)) < withId + usedAsWord);
  }
}

/** Whether no words are left that a vector could be made from. */
export function isConditionOnly({ terms, condition }: Interpretation): boolean {
  return condition !== null && !terms.some(({ weight }) => weight > 0);
}

/** A filter with what the words of a query require. */
export function withCondition(filter: FigureFilter | null, words: WordCondition | null): FigureFilter | null {
  if (words === null) return filter;
  // Without a filter retracted articles are found; that words are required is none.
  return filter === null ? { words, excludeRetracted: false } : { ...filter, words };
}

function inIds(leaf: QueryLeaf): WordCondition {
  return { ...leaf, field: 'ids' };
}
