import { filterForFacet, maxFacetValues, type FacetCount, type FacetField } from '../domain/facet.js';
import type { FigureFilter } from '../domain/figure-filter.js';
import type { FigureScope } from '../domain/figure-scope.js';
import { parseQuery } from '../domain/text/parse-query.js';
import { allOf, anyWordOf, type WordCondition } from '../domain/text/word-condition.js';
import type { FigureFilters } from '../ports/figure-filters.js';
import { isConditionOnly, withCondition } from './query-interpreter.js';
import type { ResultList } from './result-pager.js';

export interface SearchFacet {
  readonly field: FacetField;
  readonly values: readonly FacetValue[];
}

interface FacetValue extends FacetCount {
  /** Figures of the answer that carry the value. */
  readonly hits: number;
}

/** What the words of a query say of all figures, beside those that were ranked. */
interface CountedWords {
  /** What a figure has to hold to be listed; null: nothing, as vectors rank every figure. */
  readonly words: WordCondition | null;
  /** Whether every counted figure is a hit, however far the answer was ranked. */
  readonly areAllHits: boolean;
}

/**
 * Counts the values of figures for an answer. A field's own part of the filter is left out of its counts: what else could be
 * chosen has to be seen.
 */
export class SearchFacets {
  constructor(private readonly filters: FigureFilters) {}

  /** For each field the values of the hits before others, then by how many figures carry them. */
  facets(list: ResultList, fields: readonly FacetField[]): Promise<readonly SearchFacet[]> {
    const counted = countedWords(list);
    return Promise.all(fields.map(async (field) => ({ field, values: await this.values(list, counted, field) })));
  }

  private async values(list: ResultList, counted: CountedWords, field: FacetField): Promise<readonly FacetValue[]> {
    const { filter } = list.request;
    const scope = await this.scope(list, counted, filterForFacet(filter, field) ?? filter);
    const [all, hits] = await Promise.all([
      this.filters.facet(scope, field, maxFacetValues),
      this.hits(list, counted, field),
    ]);
    const known = new Set(all.map(({ key }) => key));
    const rare = hits.slice(0, maxFacetValues).flatMap(({ key }) => (known.has(key) ? [] : [key]));
    const further = rare.length === 0 ? [] : await this.filters.facet(scope, field, rare.length, rare);
    const hitsOf = new Map(hits.map(({ key, count }) => [key, count]));
    return [...all, ...further]
      .map((one) => ({ ...one, hits: hitsOf.get(one.key) ?? 0 }))
      .sort((one, other) => other.hits - one.hits || other.count - one.count || (one.value < other.value ? -1 : 1))
      .slice(0, maxFacetValues);
  }

  private async hits(list: ResultList, counted: CountedWords, field: FacetField): Promise<readonly FacetCount[]> {
    if (counted.areAllHits) {
      return this.filters.facet(await this.scope(list, counted, list.request.filter), field, maxFacetValues);
    }
    const matching = list.listed.filter(({ isMatch }) => isMatch !== false);
    return this.filters.facetOf(
      matching.flatMap(({ figureId, duplicates }) => [figureId, ...duplicates]),
      field,
    );
  }

  private async scope(
    { interpretation, scope, corpus }: ResultList,
    { words }: CountedWords,
    filter: FigureFilter | null,
  ): Promise<FigureScope> {
    const condition = allOf([interpretation.condition, words]);
    const counted = await this.filters.resolve(withCondition(filter, condition), corpus);
    return { ...counted, lastFigure: scope.lastFigure };
  }
}

function countedWords({ request, interpretation }: ResultList): CountedWords {
  const isCut = request.minRelativeScore !== null;
  if (isConditionOnly(interpretation)) return { words: null, areAllHits: !isCut };
  const [term, further] = request.terms;
  const isOneText = term?.kind === 'text' && further === undefined;
  const isByWords = isOneText && request.channels.every((channel) => channel === 'KEYWORD');
  if (!isByWords) return { words: null, areAllHits: false };
  const synonyms = (interpretation.expansions.get(term) ?? []).flatMap((expansion) => expansion.synonyms);
  return { words: anyWordOf(parseQuery(term.text), synonyms), areAllHits: !isCut };
}
