import { FigseekError } from '../domain/errors.js';
import type { FigureFilter } from '../domain/figure-filter.js';
import type { FigureId, PanelId } from '../domain/ids.js';
import type { Channel, Hit, SearchInfo, VectorKind } from '../domain/search.js';
import type { KeywordSearch } from '../store/keywords/keyword-search.js';
import type { FigureReader } from '../store/repositories/figure-reader.js';
import type { FacetCount, FacetField, FilterReader, ResolvedFilter } from '../store/repositories/filter-reader.js';
import type { VectorSpace } from '../vectors/vector-space.js';
import { wordsOf } from '../store/keywords/keyword-query.js';
import { ComposedQuery } from './composition.js';
import type { Duplicates } from './duplicates.js';
import type { FusedPanel } from './fusion.js';
import type { EncodedTerm, QueryEncoder } from './query-encoder.js';
import type { ChannelQueries, KeywordTerm, Ranker } from './ranker.js';
import { ResultSessions } from './result-sessions.js';
import { plainSnippet, sentencesOf, wordSnippet } from './snippet.js';
import { checkedRequest, plainRequest, requestKey, type CheckedRequest, type SearchRequest } from './search-request.js';

interface FoundHit extends Hit {
  readonly cursor: string;
  /** Near-identical figures that this one stands for. */
  readonly duplicates: readonly FigureId[];
}

export interface SearchAnswer {
  readonly hits: readonly FoundHit[];
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
  readonly info: SearchInfo;
  /** How many figures of the whole filtered set carry each value, and how many of those ranked so far. */
  facets(fields: readonly FacetField[]): Promise<readonly SearchFacet[]>;
  /** The part of a caption that fits the query: HTML whose only element is `<mark>`; null for an empty caption. */
  snippet(caption: string): Promise<string | null>;
}

export interface SearchFacet {
  readonly field: FacetField;
  readonly values: readonly (FacetCount & { readonly hits: number })[];
}

/** Figures of one answer, best first, each by its best panel. */
export interface RankedFigures {
  readonly key: string;
  readonly figures: readonly Listed[];
  readonly info: Omit<SearchInfo, 'fetchMs'>;
  facets(fields: readonly FacetField[]): Promise<readonly SearchFacet[]>;
  snippet(caption: string): Promise<string | null>;
}

interface ModelIdentity {
  readonly name: string;
  readonly version: string;
}

/** One figure of a session's list, by its best panel. */
interface Listed extends FusedPanel {
  readonly figureId: FigureId;
  readonly duplicates: readonly FigureId[];
}

/** An answer as far as it was computed, and all that is needed to go on. */
interface Session {
  readonly key: string;
  readonly request: CheckedRequest;
  readonly queries: ChannelQueries;
  readonly filter: ResolvedFilter | null;
  /** Figures that came later are not part of this answer. */
  readonly lastFigure: number;
  readonly left: PanelId | null;
  readonly info: Omit<SearchInfo, 'fetchMs'>;
  readonly listed: readonly Listed[];
  /** How deep each channel was asked; null: to the end. */
  readonly depth: number | null;
  readonly size: number;
}

/** How deep the channels are asked: for the first pages, for the next ones; after that everything is compared. */
const firstDepth = 200;
const secondDepth = 1000;
const facetValues = 50;

/** Text → figure, image → figure, figure → like figures: channels rank panels, ranks are fused, pages are cut. */
export class FigureSearch {
  private readonly sessions = new ResultSessions<Session>();

  constructor(
    private readonly model: ModelIdentity,
    private readonly encoder: QueryEncoder,
    private readonly ranker: Ranker,
    private readonly duplicates: Duplicates,
    private readonly sources: {
      readonly space: VectorSpace;
      readonly keywords: KeywordSearch;
      readonly figures: FigureReader;
      readonly filters: FilterReader;
    },
    private readonly maxFirst: number,
  ) {}

  /**
   * @param after cursor of a hit: the page behind it
   * @throws {FigseekError} BAD_USER_INPUT, NOT_FOUND, UNSUPPORTED_MEDIA, MODEL_UNAVAILABLE, INDEX_UNAVAILABLE
   */
  async search(given: SearchRequest, after: string | null = null, signal?: AbortSignal): Promise<SearchAnswer> {
    const request = checkedRequest(given, this.maxFirst);
    const key = requestKey(request);
    if (after !== null) {
      const { session, position, value } = this.sessions.resume(after, key);
      return this.page(session, value, position, request.first, signal);
    }
    const begun = await this.begin(key, request, null, signal);
    return this.page(this.sessions.start(begun), begun, 0, request.first, signal);
  }

  /** Figures like a stored one, by its image and its caption; the figure itself is not among them. */
  async similar(
    panelId: PanelId,
    options: {
      readonly first: number;
      readonly channels: readonly Channel[] | null;
      readonly filter: FigureFilter | null;
    },
    after: string | null = null,
    signal?: AbortSignal,
  ): Promise<SearchAnswer> {
    if (options.channels?.includes('KEYWORD') === true) {
      throw new FigseekError('BAD_USER_INPUT', 'Similar figures are found by IMAGE and CAPTION, not by KEYWORD');
    }
    const request = checkedRequest(
      {
        terms: [{ kind: 'image', image: { source: { kind: 'panel', id: panelId }, region: null }, weight: 1 }],
        exact: false,
        fusion: plainRequest.fusion,
        channelWeights: {},
        minRelativeScore: null,
        collapseDuplicates: false,
        ...options,
      },
      this.maxFirst,
    );
    const key = `similar ${requestKey(request)}`;
    if (after !== null) {
      const { session, position, value } = this.sessions.resume(after, key);
      return this.page(session, value, position, request.first, signal);
    }
    const begun = await this.begin(key, request, panelId, signal);
    return this.page(this.sessions.start(begun), begun, 0, request.first, signal);
  }

  /**
   * The best figures of a query, in one list: for what groups them.
   * @param depth how many each channel names
   */
  async ranked(given: SearchRequest, depth: number, signal?: AbortSignal): Promise<RankedFigures> {
    const request = checkedRequest(given, this.maxFirst);
    const session = await this.begin(requestKey(request), request, null, signal, depth);
    const { key, listed, info } = session;
    return { key, figures: listed, info, ...this.told(session) };
  }

  private async begin(
    key: string,
    request: CheckedRequest,
    left: PanelId | null,
    signal: AbortSignal | undefined,
    depth = firstDepth,
  ): Promise<Session> {
    const startedAt = performance.now();
    const needsVector = request.channels.some((channel) => channel !== 'KEYWORD');
    const encoded = needsVector ? await this.encoder.encode(request.terms) : [];
    const embedMs = performance.now() - startedAt;
    const [queries, filter, lastFigure, generation] = await Promise.all([
      this.channelQueries(request, encoded),
      this.sources.filters.resolve(request.filter),
      this.sources.figures.lastSeq(),
      this.sources.space.generation(),
    ]);
    const total = await this.total(request, filter);
    const info = {
      model: this.model.name,
      generation: generation ?? 'none',
      exact: true,
      candidates: 0,
      ...total,
      embedMs,
      searchMs: 0,
    };
    const empty: Session = { key, request, queries, filter, lastFigure, left, info, listed: [], depth: 0, size: 0 };
    return this.deeper(empty, signal, depth);
  }

  private async channelQueries(request: CheckedRequest, encoded: readonly EncodedTerm[]): Promise<ChannelQueries> {
    const composed = async (kind: VectorKind): Promise<ComposedQuery | null> => {
      if (!request.channels.includes(kind)) return null;
      const terms = encoded.map(({ weight, vectors }) => ({ weight, vector: vectors[kind] }));
      return ComposedQuery.of(terms, await this.sources.space.background(kind));
    };
    const words = request.terms.flatMap((term): KeywordTerm[] => (term.kind === 'text' ? [term] : []));
    return {
      IMAGE: await composed('IMAGE'),
      CAPTION: await composed('CAPTION'),
      KEYWORD: request.channels.includes('KEYWORD') ? words : null,
    };
  }

  /** Every figure that the filter allows is comparable by vectors; by words only those that hold one. */
  private async total(request: CheckedRequest, filter: ResolvedFilter | null) {
    const [only] = request.terms;
    const byWords = request.channels.every((channel) => channel === 'KEYWORD');
    const total =
      byWords && request.terms.length === 1 && only?.kind === 'text'
        ? await this.sources.keywords.count(only.text, filter?.condition ?? null)
        : await this.sources.filters.count(filter);
    return { total, totalIsExact: request.minRelativeScore === null && (!byWords || request.terms.length === 1) };
  }

  /** Goes on where the list ends: what is listed keeps its place, what is new comes behind it. */
  private async deeper(
    session: Session,
    signal: AbortSignal | undefined,
    depth: number | null = session.depth === firstDepth ? secondDepth : null,
  ): Promise<Session> {
    const startedAt = performance.now();
    const { request, queries, info } = session;
    const ranking = await this.ranker.rank(queries, {
      depth: depth ?? Math.max(1, info.total),
      exact: request.exact || depth === null,
      filter: await this.asItWas(session),
      fusion: request.fusion,
      weights: request.channelWeights,
      signal,
    });
    const listed = await this.listed(session, ranking.panels);
    return {
      ...session,
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
  private async asItWas({ filter, lastFigure }: Session): Promise<ResolvedFilter | null> {
    if ((await this.sources.figures.lastSeq()) <= lastFigure) return filter;
    const { sql, values } = filter?.condition ?? { sql: 'TRUE', values: [] };
    return {
      key: `${filter?.key ?? ''} until ${lastFigure}`,
      condition: { sql: `(${sql} AND figure.seq <= ?)`, values: [...values, lastFigure] },
    };
  }

  private async listed(session: Session, ranked: readonly FusedPanel[]): Promise<readonly Listed[]> {
    const { request, left, listed } = session;
    const best = ranked[0]?.score ?? 0;
    const least = best * (request.minRelativeScore ?? 0);
    const panels = await this.sources.figures.figuresOfPanels(ranked.map(({ panelId }) => panelId));
    const seen = new Set<FigureId>(listed.flatMap(({ figureId, duplicates }) => [figureId, ...duplicates]));
    const ownFigure = left === null ? undefined : (await this.sources.figures.panel(left))?.figureId;
    const fresh: (FusedPanel & { readonly figureId: FigureId })[] = [];
    for (const panel of ranked) {
      const figureId = panels.get(panel.panelId);
      if (figureId === undefined || seen.has(figureId) || figureId === ownFigure || panel.score < least) continue;
      seen.add(figureId);
      fresh.push({ ...panel, figureId });
    }
    return request.collapseDuplicates
      ? this.duplicates.collapse(listed, fresh)
      : [...listed, ...fresh.map((one) => ({ ...one, duplicates: [] }))];
  }

  private async page(
    id: string,
    begun: Session,
    position: number,
    first: number,
    signal: AbortSignal | undefined,
  ): Promise<SearchAnswer> {
    let session = begun;
    const startedAt = performance.now();
    const hits: FoundHit[] = [];
    let at = position;
    let hasNextPage = false;
    // One more than the page holds, to know whether there is another.
    while (!hasNextPage) {
      if (at >= session.listed.length) {
        if (session.depth === null) break;
        session = await this.deeper(session, signal);
        this.sessions.update(id, session);
        continue;
      }
      const next = session.listed.slice(at, at + first + 1);
      const alive = await this.sources.figures.imageHashes(next.map(({ figureId }) => figureId));
      for (const { figureId, panelId, score, evidence, duplicates } of next) {
        if (alive.has(figureId)) {
          hasNextPage = hits.length === first;
          if (hasNextPage) break;
          const rank = at + 1;
          hits.push({ rank, score, figureId, panelId, evidence, duplicates, cursor: this.sessions.cursor(id, rank) });
        }
        at++;
      }
    }
    const info = { ...session.info, fetchMs: performance.now() - startedAt };
    return { hits, hasNextPage, hasPreviousPage: position > 0, info, ...this.told(session) };
  }

  /** What is computed only where somebody asks for it. */
  private told(session: Session) {
    return {
      facets: (fields: readonly FacetField[]) => this.facets(session, fields),
      snippet: (caption: string) => this.snippet(session, caption),
    };
  }

  /** By the words that match; where none does, the sentence whose vector is nearest to the query. */
  private async snippet({ request, queries }: Session, caption: string): Promise<string | null> {
    const sentences = sentencesOf(caption);
    const texts = request.terms.flatMap((term) => (term.kind === 'text' && term.weight > 0 ? [term.text] : []));
    const byWords = wordSnippet(sentences, texts.flatMap(wordsOf));
    if (byWords !== null) return byWords;
    const [only] = sentences;
    const query = queries.CAPTION ?? queries.IMAGE;
    if (only === undefined || sentences.length === 1 || query === null)
      return only === undefined ? null : plainSnippet(only);
    const vectors = await this.encoder.manyTexts(sentences);
    const scores = vectors.map((vector) => query.score(vector));
    return plainSnippet(sentences[scores.indexOf(Math.max(...scores))] ?? only);
  }

  private async facets(session: Session, fields: readonly FacetField[]): Promise<readonly SearchFacet[]> {
    const ranked = session.listed.map(({ figureId }) => figureId);
    return Promise.all(
      fields.map(async (field) => {
        const [all, hits] = await Promise.all([
          this.sources.filters.facet(session.filter, field, facetValues),
          this.sources.filters.facetOf(ranked, field),
        ]);
        const hitsOf = new Map(hits.map(({ value, count }) => [value, count]));
        return { field, values: all.map(({ value, count }) => ({ value, count, hits: hitsOf.get(value) ?? 0 })) };
      }),
    );
  }
}
