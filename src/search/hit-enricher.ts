import type { FacetCount, FacetField } from '../domain/facet.js';
import type { FigureFilter } from '../domain/figure-filter.js';
import type { FigureScope } from '../domain/figure-scope.js';
import { markedTerms, type MarkedTerms } from '../domain/text/marked-terms.js';
import type { FigureFilters } from '../ports/figure-filters.js';
import type { HeatMaps } from './heat-maps.js';
import type { QueryEncoder } from './query-encoder.js';
import { withCondition } from './query-interpreter.js';
import type { ResultList } from './result-pager.js';
import type { SearchRequest } from './search-request.js';
import { plainSnippet, splitSentences, wordSnippet } from './snippet.js';
import type { Spelling } from './spelling.js';

export interface SearchFacet {
  readonly field: FacetField;
  readonly values: readonly (FacetCount & { readonly hits: number })[];
}

/** What is computed of an answer only where somebody asks for it. */
export interface AnswerDetails {
  /**
   * How many figures carry each value, of those that the filter allows without its part for this field, and how many of those
   * ranked so far.
   */
  facets(fields: readonly FacetField[]): Promise<readonly SearchFacet[]>;
  /** The part of a caption that fits the query: HTML whose only element is `<mark>`; null for an empty caption. */
  snippet(caption: string): Promise<string | null>;
  /** The text of the query with other words where nothing holds those that were typed; null where there is no better one. */
  suggestedText(): Promise<string | null>;
  /** Of the map that shows where in a panel the query's texts find support; null where the query has no text. */
  heatMapId(panelId: string): string | null;
}

const facetValues = 50;

/** The parts of a filter that choose values of a field. */
const filterParts: Readonly<Record<FacetField, readonly (keyof FigureFilter)[]>> = {
  modality: ['modalities'],
  year: ['yearFrom', 'yearTo'],
  license: ['licenses'],
  journal: ['journals'],
  label: ['labels'],
};

export class HitEnricher {
  private readonly marked = new WeakMap<SearchRequest, MarkedTerms>();

  constructor(
    private readonly encoder: QueryEncoder,
    private readonly filters: FigureFilters,
    private readonly heatMaps: HeatMaps,
    private readonly spelling: Spelling,
  ) {}

  enrich(list: ResultList): AnswerDetails {
    return {
      facets: (fields) => this.facets(list, fields),
      snippet: (caption) => this.snippet(list, caption),
      suggestedText: () => this.spelling.suggest(list.request.terms, list.corpus),
      heatMapId: (panelId) => this.heatMaps.idOf(panelId, list.interpretation.terms),
    };
  }

  /** By the words that match; where none does, the sentence whose vector is nearest to the query. */
  private async snippet(list: ResultList, caption: string): Promise<string | null> {
    const { queries } = list;
    const sentences = splitSentences(caption);
    const byWords = wordSnippet(sentences, this.markedBy(list));
    if (byWords !== null) return byWords;
    const [only] = sentences;
    const query = queries.CAPTION ?? queries.IMAGE;
    if (only === undefined || sentences.length === 1 || query === null)
      return only === undefined ? null : plainSnippet(only);
    const vectors = await this.encoder.encodeTexts(sentences);
    const scores = vectors.map((vector) => query.scoreVector(vector));
    return plainSnippet(sentences[scores.indexOf(Math.max(...scores))] ?? only);
  }

  /** One analysis for all hits of an answer. */
  private markedBy({ request, interpretation }: ResultList): MarkedTerms {
    const known = this.marked.get(request);
    if (known !== undefined) return known;
    const texts = request.terms.flatMap((term) => (term.kind === 'text' && term.weight > 0 ? [term.text] : []));
    const synonyms = [...interpretation.expansions.values()].flat().flatMap((expansion) => expansion.synonyms);
    const each = [...texts, ...synonyms].map(markedTerms);
    const marked = { terms: each.flatMap(({ terms }) => terms), prefixes: each.flatMap(({ prefixes }) => prefixes) };
    this.marked.set(request, marked);
    return marked;
  }

  /** A field's own part of the filter is left out of its counts: what else could be ticked has to be seen. */
  private async facets(list: ResultList, fields: readonly FacetField[]): Promise<readonly SearchFacet[]> {
    const ranked = list.listed.map(({ figureId }) => figureId);
    return Promise.all(
      fields.map(async (field) => {
        const scope = await this.scopeOf(list, field);
        const [all, hits] = await Promise.all([
          this.filters.facet(scope, field, facetValues),
          this.filters.facetOf(ranked, field),
        ]);
        const hitsOf = new Map(hits.map(({ key, count }) => [key, count]));
        return { field, values: all.map((one) => ({ ...one, hits: hitsOf.get(one.key) ?? 0 })) };
      }),
    );
  }

  private async scopeOf(
    { request, interpretation, scope, corpus }: ResultList,
    field: FacetField,
  ): Promise<FigureScope> {
    const { filter } = request;
    if (filter === null || filterParts[field].every((part) => filter[part] == null)) return scope;
    const others = { ...filter, ...Object.fromEntries(filterParts[field].map((part) => [part, null])) };
    const wider = await this.filters.resolve(withCondition(others, interpretation.condition), corpus);
    return { ...wider, lastFigure: scope.lastFigure };
  }
}
