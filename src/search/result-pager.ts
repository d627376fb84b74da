import { figureIdOfPanel, type FigureId, type PanelId } from '../domain/ids.js';
import type { IndexedPanel, SearchInfo, VectorKind } from '../domain/search.js';
import type { CorpusState } from '../domain/corpus-state.js';
import type { ScoreStatistics } from '../domain/score-statistics.js';
import type { FigureScope } from '../domain/figure-scope.js';
import type { FigureFilters } from '../ports/figure-filters.js';
import type { KeywordIndex } from '../ports/keyword-index.js';
import type { VectorIndex } from '../ports/vector-index.js';
import { ComposedQuery } from './composition.js';
import type { DuplicateCollapser } from './duplicates.js';
import type { FusedPanel } from './fusion.js';
import type { EncodedTerm, QueryEncoder } from './query-encoder.js';
import { isConditionOnly, withCondition, type Interpretation, type QueryInterpreter } from './query-interpreter.js';
import type { ChannelQueries, KeywordTerm, Ranker, Ranking } from './ranker.js';
import { usualDepth, type CheckedRequest, type Term } from './search-request.js';
import type { TextNoise } from './text-noise.js';
import type { TunedSearch } from './tuned-search.js';
import { withUnranked } from './unranked-figures.js';

/** One figure of a list, by its best panel. */
export interface RankedHit extends IndexedPanel, FusedPanel {
  /** Figures with the same picture that this one stands for. */
  readonly duplicates: readonly FigureId[];
}

/** An answer as far as it was computed, and all that is needed to go on. */
export interface ResultList {
  readonly key: string;
  readonly request: CheckedRequest;
  readonly interpretation: Interpretation;
  readonly queries: ChannelQueries;
  /** What the filter of the request and the conditions of its texts allow. */
  readonly scope: FigureScope;
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

const none: readonly FigureId[] = [];

/**
 * How deep the channels are asked, one step after the other, as pages are turned; after the last step everything is compared.
 * Several channels begin at the second step, or where `figseek tune` chose: each needs candidates of the others, a single one ranks by
 * itself.
 */
const depths = [56, usualDepth, 1000] as const;

/** Makes the list of an answer, and makes it longer: channels rank panels, ranks are fused, duplicates collapsed. */
export class ResultPager {
  constructor(
    private readonly modelName: string,
    private readonly steps: {
      readonly interpreter: QueryInterpreter;
      readonly encoder: QueryEncoder;
      readonly ranker: Ranker;
      readonly noise: TextNoise;
      readonly duplicates: DuplicateCollapser;
    },
    private readonly sources: {
      readonly index: VectorIndex;
      readonly keywords: KeywordIndex;
      readonly filters: FigureFilters;
    },
    private readonly tuned: Pick<TunedSearch, 'withWeights' | 'depthFor'>,
  ) {}

  /** @param key tells whether a cursor belongs to the request */
  async start(
    key: string,
    given: CheckedRequest,
    {
      left = null,
      depth = this.tuned.depthFor(given) ?? firstDepth(given),
    }: { readonly left?: PanelId | null; readonly depth?: number },
    signal: AbortSignal | undefined,
  ): Promise<ResultList> {
    const { index, filters } = this.sources;
    // Later pages have the weights of the first one.
    const request = this.tuned.withWeights(given);
    const corpus = await filters.corpus();
    const interpretation = await this.steps.interpreter.interpret(request, corpus);
    const { terms, condition, unconstrainedText } = interpretation;
    const startedAt = performance.now();
    const needsVector = request.channels.some((channel) => channel !== 'KEYWORD') && terms.some(draws);
    const encoded = needsVector ? await this.steps.encoder.encode(terms, corpus) : [];
    const embedMs = performance.now() - startedAt;
    const generation = await index.generation();
    const [queries, scope] = await Promise.all([
      this.channelQueries(request, interpretation, { encoded, generation }),
      filters.resolve(withCondition(request.filter, condition), corpus),
    ]);
    const isImpossible = condition !== null && scope.count === 0 && unconstrainedText !== '';
    const info = {
      model: this.modelName,
      generation: generation ?? 'none',
      exact: true,
      candidates: 0,
      matches: null,
      expansions: [...interpretation.expansions.values()].flat().map(({ words, synonyms }) => ({ words, synonyms })),
      ...(await this.total(request, interpretation, scope, corpus)),
      unconstrainedText: isImpossible ? unconstrainedText : null,
      embedMs,
      searchMs: 0,
    };
    const empty = { key, request, interpretation, queries, scope, corpus, left, info, listed: [], depth: 0, size: 0 };
    return this.ranked(empty, corpus, depth, signal);
  }

  /** Goes on where the list ends: what is listed keeps its place, what is new comes behind it. */
  async extend(list: ResultList, signal: AbortSignal | undefined): Promise<ResultList> {
    const corpus = await this.sources.filters.corpus();
    const depth = depths.find((step) => list.depth !== null && step > list.depth) ?? null;
    return this.ranked({ ...list, scope: withoutNewer(list, corpus) }, corpus, depth, signal);
  }

  private async channelQueries(
    request: CheckedRequest,
    { terms, expansions }: Interpretation,
    { encoded, generation }: { readonly encoded: readonly EncodedTerm[]; readonly generation: string | null },
  ): Promise<ChannelQueries> {
    const isAsked = (kind: VectorKind): boolean => request.channels.includes(kind) && encoded.length > 0;
    const isOneText = request.terms.length === 1 && terms[0]?.kind === 'text' && request.channels.length > 1;
    const needsNoise = isOneText && request.fusion === 'WEIGHTED_SCORES';
    const { index } = this.sources;
    const image = isAsked('IMAGE') || needsNoise ? await index.scoreStatistics('IMAGE') : null;
    const caption = isAsked('CAPTION') ? await index.scoreStatistics('CAPTION') : null;
    const composed = (kind: VectorKind, statistics: ScoreStatistics | null): ComposedQuery | null => {
      if (!isAsked(kind)) return null;
      const terms = encoded.map(({ weight, vectors }) => ({ weight, vector: vectors[kind] }));
      return ComposedQuery.compose(terms, statistics);
    };
    const words = request.terms.flatMap((term): KeywordTerm[] =>
      term.kind === 'text' ? [{ ...term, expansions: expansions.get(term) ?? [] }] : [],
    );
    return {
      IMAGE: composed('IMAGE', image),
      CAPTION: composed('CAPTION', caption),
      KEYWORD: request.channels.includes('KEYWORD') ? words : null,
      textNoise: needsNoise ? await this.steps.noise.level(generation, image) : null,
    };
  }

  /** Every figure that the filter allows is comparable by vectors; by words only those that hold one. */
  private async total(request: CheckedRequest, interpretation: Interpretation, scope: FigureScope, asOf: CorpusState) {
    const [only] = request.terms;
    const byWords = !isConditionOnly(interpretation) && request.channels.every((channel) => channel === 'KEYWORD');
    const total =
      byWords && request.terms.length === 1 && only?.kind === 'text'
        ? await this.sources.keywords.count({
            text: only.text,
            expansions: interpretation.expansions.get(only),
            scope,
            asOf,
          })
        : scope.count;
    return { total, totalIsExact: request.minRelativeScore === null && (!byWords || request.terms.length === 1) };
  }

  private async ranked(
    list: ResultList,
    asOf: CorpusState,
    depth: number | null,
    signal: AbortSignal | undefined,
  ): Promise<ResultList> {
    const startedAt = performance.now();
    const { info } = list;
    const ranking = await this.rank(list, asOf, depth, signal);
    const listed = this.listed(list, ranking.panels);
    return {
      ...list,
      listed,
      size: listed.length,
      depth: ranking.truncated ? depth : null,
      info: {
        ...info,
        exact: info.exact && ranking.exact,
        candidates: ranking.panels.length,
        matches: countMatches(listed),
        searchMs: info.searchMs + performance.now() - startedAt,
      },
    };
  }

  private async rank(
    { request, interpretation, queries, scope }: ResultList,
    asOf: CorpusState,
    depth: number | null,
    signal: AbortSignal | undefined,
  ): Promise<Ranking> {
    const ranking = await this.steps.ranker.rank(queries, {
      depth: depth ?? Math.max(1, asOf.lastPanel),
      exact: request.exact || depth === null,
      scope,
      asOf,
      fusion: request.fusion,
      weights: request.channelWeights,
      signal,
    });
    // Words rank only the panels that hold them: all other figures that fulfill the conditions come behind.
    return isConditionOnly(interpretation)
      ? withUnranked(ranking, scope, this.sources.filters, depth ?? Math.max(1, scope.count))
      : ranking;
  }

  private listed(list: ResultList, ranked: readonly (IndexedPanel & FusedPanel)[]): readonly RankedHit[] {
    const { request, left, listed } = list;
    const least = (ranked[0]?.score ?? 0) * (request.minRelativeScore ?? 0);
    const seen = new Set<FigureId>();
    for (const { figureId, duplicates } of listed) {
      seen.add(figureId);
      for (const duplicate of duplicates) seen.add(duplicate);
    }
    if (left !== null) seen.add(figureIdOfPanel(left));
    const fresh: RankedHit[] = [];
    for (const { panelId, figureId, imageKey, score, evidence, isMatch } of ranked) {
      if (score < least || seen.has(figureId)) continue;
      seen.add(figureId);
      fresh.push({ panelId, figureId, imageKey, score, evidence, isMatch, duplicates: none });
    }
    return request.collapseDuplicates ? this.steps.duplicates.collapse(listed, fresh) : [...listed, ...fresh];
  }
}

function firstDepth({ channels, terms, first }: CheckedRequest): number {
  const isSingle = channels.length === 1 && terms.length === 1;
  return isSingle && first < depths[0] ? depths[0] : depths[1];
}

/** Null where no rule tells of any. */
function countMatches(listed: readonly RankedHit[]): number | null {
  if (listed.every(({ isMatch }) => isMatch === null)) return null;
  return listed.filter(({ isMatch }) => isMatch === true).length;
}

function draws({ weight }: Term): boolean {
  return weight > 0;
}

/** A later page leaves out figures that were not there at the first one. */
function withoutNewer({ scope, corpus: { lastFigure } }: ResultList, now: CorpusState): FigureScope {
  return now.lastFigure <= lastFigure ? scope : { ...scope, lastFigure };
}
