import { figureIdOfPanel, type FigureId, type PanelId } from '../domain/ids.js';
import type { IndexedPanel, SearchInfo, VectorKind } from '../domain/search.js';
import type { KeywordSearch } from '../adapters/sqlite/keywords/keyword-search.js';
import type { CorpusState, FilterReader, ResolvedFilter } from '../adapters/sqlite/filter-reader.js';
import type { VectorIndex } from '../adapters/hnsw/vector-index.js';
import { ComposedQuery } from './composition.js';
import type { DuplicateCollapser } from './duplicates.js';
import type { FusedPanel } from './fusion.js';
import type { EncodedTerm, QueryEncoder } from './query-encoder.js';
import type { ChannelQueries, KeywordTerm, Ranker } from './ranker.js';
import type { CheckedRequest } from './search-request.js';

/** One figure of a list, by its best panel. */
export interface RankedHit extends IndexedPanel, FusedPanel {
  readonly figureId: FigureId;
  /** Near-identical figures that this one stands for. */
  readonly duplicates: readonly FigureId[];
}

/** An answer as far as it was computed, and all that is needed to go on. */
export interface ResultList {
  readonly key: string;
  readonly request: CheckedRequest;
  readonly queries: ChannelQueries;
  readonly filter: ResolvedFilter;
  /** As it was at the first page: figures that came later are not part of this answer. */
  readonly corpus: CorpusState;
  /** A panel whose figure is left out: the one that others are to be like. */
  readonly left: PanelId | null;
  readonly info: Omit<SearchInfo, 'fetchMs'>;
  /** Best first. */
  readonly listed: readonly RankedHit[];
  /** How deep each channel was asked; null: to the end. */
  readonly depth: number | null;
  readonly size: number;
}

/** How deep the channels are asked: for the first pages, for the next ones; after that everything is compared. */
const initialDepth = 200;
const fullDepth = 1000;

/** Makes the list of an answer, and makes it longer: channels rank panels, ranks are fused, duplicates collapsed. */
export class ResultPager {
  constructor(
    private readonly modelName: string,
    private readonly encoder: QueryEncoder,
    private readonly ranker: Ranker,
    private readonly duplicates: DuplicateCollapser,
    private readonly sources: {
      readonly space: VectorIndex;
      readonly keywords: KeywordSearch;
      readonly filters: FilterReader;
    },
  ) {}

  /** @param key tells whether a cursor belongs to the request */
  async start(
    key: string,
    request: CheckedRequest,
    { left = null, depth = initialDepth }: { readonly left?: PanelId | null; readonly depth?: number },
    signal: AbortSignal | undefined,
  ): Promise<ResultList> {
    const { space, filters } = this.sources;
    const startedAt = performance.now();
    const needsVector = request.channels.some((channel) => channel !== 'KEYWORD');
    const encoded = needsVector ? await this.encoder.encode(request.terms) : [];
    const embedMs = performance.now() - startedAt;
    const corpus = await filters.corpus();
    const [queries, filter, generation] = await Promise.all([
      this.channelQueries(request, encoded),
      filters.resolve(request.filter, corpus),
      space.generation(),
    ]);
    const total = await this.total(request, filter);
    const info = {
      model: this.modelName,
      generation: generation ?? 'none',
      exact: true,
      candidates: 0,
      ...total,
      embedMs,
      searchMs: 0,
    };
    const empty = { key, request, queries, filter, corpus, left, info, listed: [], depth: 0, size: 0 };
    return this.ranked(empty, filter, depth, signal);
  }

  /** Goes on where the list ends: what is listed keeps its place, what is new comes behind it. */
  async extend(list: ResultList, signal: AbortSignal | undefined): Promise<ResultList> {
    return this.ranked(list, await this.asOfSnapshot(list), list.depth === initialDepth ? fullDepth : null, signal);
  }

  private async channelQueries(request: CheckedRequest, encoded: readonly EncodedTerm[]): Promise<ChannelQueries> {
    const composed = async (kind: VectorKind): Promise<ComposedQuery | null> => {
      if (!request.channels.includes(kind)) return null;
      const terms = encoded.map(({ weight, vectors }) => ({ weight, vector: vectors[kind] }));
      return ComposedQuery.compose(terms, await this.sources.space.scoreStatistics(kind));
    };
    const words = request.terms.flatMap((term): KeywordTerm[] => (term.kind === 'text' ? [term] : []));
    return {
      IMAGE: await composed('IMAGE'),
      CAPTION: await composed('CAPTION'),
      KEYWORD: request.channels.includes('KEYWORD') ? words : null,
    };
  }

  /** Every figure that the filter allows is comparable by vectors; by words only those that hold one. */
  private async total(request: CheckedRequest, filter: ResolvedFilter) {
    const [only] = request.terms;
    const byWords = request.channels.every((channel) => channel === 'KEYWORD');
    const total =
      byWords && request.terms.length === 1 && only?.kind === 'text'
        ? await this.sources.keywords.count(only.text, filter.condition)
        : filter.count;
    return { total, totalIsExact: request.minRelativeScore === null && (!byWords || request.terms.length === 1) };
  }

  private async ranked(
    list: ResultList,
    filter: ResolvedFilter,
    depth: number | null,
    signal: AbortSignal | undefined,
  ): Promise<ResultList> {
    const startedAt = performance.now();
    const { request, queries, info } = list;
    const ranking = await this.ranker.rank(queries, {
      depth: depth ?? Math.max(1, info.total),
      exact: request.exact || depth === null,
      filter,
      fusion: request.fusion,
      weights: request.channelWeights,
      signal,
    });
    const listed = await this.listed(list, ranking.panels);
    return {
      ...list,
      listed,
      size: listed.length,
      depth: ranking.truncated ? depth : null,
      info: {
        ...info,
        exact: info.exact && ranking.exact,
        candidates: ranking.panels.length,
        searchMs: info.searchMs + performance.now() - startedAt,
      },
    };
  }

  /** The filter of a later page leaves out figures that were not there at the first one. */
  private async asOfSnapshot({ filter, corpus: { lastFigure } }: ResultList): Promise<ResolvedFilter> {
    if ((await this.sources.filters.corpus()).lastFigure <= lastFigure) return filter;
    const { sql, values } = filter.condition ?? { sql: 'TRUE', values: [] };
    const condition = { sql: `(${sql} AND figure.seq <= ?)`, values: [...values, lastFigure] };
    return { ...filter, key: `${filter.key} until ${lastFigure}`, condition };
  }

  private async listed(
    list: ResultList,
    ranked: readonly (IndexedPanel & FusedPanel)[],
  ): Promise<readonly RankedHit[]> {
    const { request, left, listed } = list;
    const least = (ranked[0]?.score ?? 0) * (request.minRelativeScore ?? 0);
    const seen = new Set<FigureId>(listed.flatMap(({ figureId, duplicates }) => [figureId, ...duplicates]));
    if (left !== null) seen.add(figureIdOfPanel(left));
    const fresh: RankedHit[] = [];
    for (const panel of ranked) {
      const figureId = figureIdOfPanel(panel.panelId);
      if (seen.has(figureId) || panel.score < least) continue;
      seen.add(figureId);
      fresh.push({ ...panel, figureId, duplicates: [] });
    }
    return request.collapseDuplicates ? this.duplicates.collapse(listed, fresh) : [...listed, ...fresh];
  }
}
