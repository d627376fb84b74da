import type { FacetField } from '../domain/facet.js';
import { markedTerms, type MarkedTerms } from '../domain/text/marked-terms.js';
import type { FigureFilters } from '../ports/figure-filters.js';
import type { HeatMaps } from './heat-maps.js';
import type { QueryEncoder } from './query-encoder.js';
import type { ResultList } from './result-pager.js';
import { SearchFacets, type SearchFacet } from './search-facets.js';
import type { SearchRequest } from './search-request.js';
import { plainSnippet, splitSentences, wordSnippet } from './snippet.js';
import type { Spelling } from './spelling.js';

/** What is computed of an answer only where somebody asks for it. */
export interface AnswerDetails {
  /**
   * How many figures carry each value, of those that the filter allows without its part for this field, and how many of the hits
   * (docs/search.md).
   */
  facets(fields: readonly FacetField[]): Promise<readonly SearchFacet[]>;
  /**
   * The part of a caption that fits the query: HTML whose only element is `<mark>`.
   * @param byMeaning whether the sentence nearest in meaning stands in where no word of the query does, which costs an embedding
   *   of each sentence; null without it
   * @returns null as well for an empty caption
   */
  snippet(caption: string, byMeaning: boolean): Promise<string | null>;
  /** The text of the query with other words where nothing holds those that were typed; null where there is no better one. */
  suggestedText(): Promise<string | null>;
  /** Of the map that shows where in a panel the query's texts find support; null where the query has no text. */
  heatMapId(panelId: string): string | null;
}

export class HitEnricher {
  private readonly marked = new WeakMap<SearchRequest, MarkedTerms>();
  private readonly counting: SearchFacets;

  constructor(
    private readonly encoder: QueryEncoder,
    filters: FigureFilters,
    private readonly heatMaps: HeatMaps,
    private readonly spelling: Spelling,
  ) {
    this.counting = new SearchFacets(filters);
  }

  enrich(list: ResultList): AnswerDetails {
    return {
      facets: (fields) => this.counting.facets(list, fields),
      snippet: (caption, byMeaning) => this.snippet(list, caption, byMeaning),
      suggestedText: () => this.spelling.suggest(list.request.terms, list.corpus),
      heatMapId: (panelId) => this.heatMaps.idOf(panelId, list.interpretation.terms),
    };
  }

  /** By the words that match; where none does, the sentence whose vector is nearest to the query. */
  private async snippet(list: ResultList, caption: string, byMeaning: boolean): Promise<string | null> {
    const { queries } = list;
    const sentences = splitSentences(caption);
    const byWords = wordSnippet(sentences, this.markedBy(list));
    if (byWords !== null || !byMeaning) return byWords;
    const [only] = sentences;
    const query = queries.CAPTION ?? queries.IMAGE;
    if (only === undefined || sentences.length === 1 || query === null)
      return only === undefined ? null : plainSnippet(only);
    const vectors = await this.encoder.encodeTexts(sentences);
    const scores = vectors.map((vector) => query.scoreVector(vector));
    return plainSnippet(sentences[scores.indexOf(Math.max(...scores))] ?? only);
  }

  /** One analysis for all hits of an answer. */
  private markedBy({ request, info }: ResultList): MarkedTerms {
    const known = this.marked.get(request);
    if (known !== undefined) return known;
    const texts = request.terms.flatMap((term) => (term.kind === 'text' && term.weight > 0 ? [term.text] : []));
    const synonyms = info.expansions.flatMap((expansion) => expansion.synonyms);
    const each = [...texts, ...synonyms].map(markedTerms);
    const marked = { terms: each.flatMap(({ terms }) => terms), prefixes: each.flatMap(({ prefixes }) => prefixes) };
    this.marked.set(request, marked);
    return marked;
  }
}
