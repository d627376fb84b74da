import type { PanelId } from '../domain/ids.js';
import type { Channel, Hit, SearchInfo } from '../domain/search.js';
import { FigseekError } from '../domain/errors.js';
import type { KeywordSearch } from '../store/keyword-search.js';
import type { EmbeddingReader } from '../store/repositories/embedding-reader.js';
import type { FigureReader } from '../store/repositories/figure-reader.js';
import type { VectorSpace } from '../vectors/vector-space.js';
import { fuseByRank, type FusedPanel, type RankedList } from './fusion.js';
import type { QueryEncoder } from './query-encoder.js';
import { checkedRequest, type SearchRequest } from './search-request.js';

export interface SearchAnswer {
  readonly hits: readonly Hit[];
  readonly info: SearchInfo;
}

export interface SimilarRequest {
  readonly figureId: string;
  readonly channels: readonly Channel[] | null;
  readonly first: number;
}

export interface ModelIdentity {
  readonly name: string;
  readonly version: string;
}

/** What each channel is asked for; null: it does not apply. */
interface ChannelQueries {
  readonly IMAGE: Float32Array | null;
  readonly CAPTION: Float32Array | null;
  readonly KEYWORD: string | null;
}

/** Text → figure, image → figure, figure → like figures: each channel ranks panels, ranks are fused. */
export class FigureSearch {
  constructor(
    private readonly model: ModelIdentity,
    private readonly encoder: QueryEncoder,
    private readonly space: VectorSpace,
    private readonly keywords: KeywordSearch,
    private readonly store: { readonly figures: FigureReader; readonly embeddings: EmbeddingReader },
    private readonly maxFirst: number,
  ) {}

  /** @throws {FigseekError} BAD_USER_INPUT, NOT_FOUND, UNSUPPORTED_MEDIA, MODEL_UNAVAILABLE, INDEX_UNAVAILABLE */
  async search(given: SearchRequest): Promise<SearchAnswer> {
    const request = checkedRequest(given, this.maxFirst);
    const startedAt = performance.now();
    const needsVector = request.channels.some((channel) => channel !== 'KEYWORD');
    const vector = needsVector ? await this.encoder.encode(request) : null;
    const embedMs = performance.now() - startedAt;
    const queries = { IMAGE: vector, CAPTION: vector, KEYWORD: request.text };
    return this.rank(queries, request, embedMs, null);
  }

  /** Figures like a stored one: its image vector asks the IMAGE channel, its caption vector the CAPTION channel. */
  async similar(request: SimilarRequest): Promise<SearchAnswer> {
    const channels = request.channels ?? ['IMAGE', 'CAPTION'];
    if (channels.includes('KEYWORD')) {
      throw new FigseekError('BAD_USER_INPUT', 'Similar figures are found by IMAGE and CAPTION, not by KEYWORD');
    }
    const checked = { first: request.first, channels, exact: false };
    checkedRequest(
      { ...checked, text: null, not: null, image: { kind: 'figure', id: request.figureId } },
      this.maxFirst,
    );
    const [panel] = await this.store.figures.panelsOfFigures([request.figureId]);
    if (panel === undefined) throw new FigseekError('NOT_FOUND', `There is no figure ${request.figureId}`);
    const [image, caption] = await Promise.all([
      this.store.embeddings.vectorOfPanel(panel.id, this.model.version, 'IMAGE'),
      this.store.embeddings.vectorOfPanel(panel.id, this.model.version, 'CAPTION'),
    ]);
    return this.rank({ IMAGE: image, CAPTION: caption, KEYWORD: null }, checked, 0, panel.id);
  }

  private async rank(
    queries: ChannelQueries,
    request: { readonly channels: readonly Channel[]; readonly first: number; readonly exact: boolean },
    embedMs: number,
    left: PanelId | null,
  ): Promise<SearchAnswer> {
    const startedAt = performance.now();
    // Deeper than the page: a hit that two channels name at middle ranks must not be lost.
    const depth = Math.max(100, 5 * request.first);
    const lists = await Promise.all(
      request.channels.map((channel) => this.askChannel(channel, queries, depth, request.exact)),
    );
    const fused = fuseByRank(lists).filter(({ panelId }) => panelId !== left);
    const searchMs = performance.now() - startedAt;
    const fetchedAt = performance.now();
    const hits = await this.toHits(fused.slice(0, request.first));
    const { generation } = await this.space.status();
    return {
      hits,
      info: {
        model: this.model.name,
        generation: generation ?? 'none',
        exact: request.exact,
        candidates: fused.length,
        embedMs,
        searchMs,
        fetchMs: performance.now() - fetchedAt,
      },
    };
  }

  private async askChannel(
    channel: Channel,
    queries: ChannelQueries,
    depth: number,
    exact: boolean,
  ): Promise<RankedList> {
    if (channel === 'KEYWORD') {
      const panels = queries.KEYWORD === null ? [] : await this.keywords.search(queries.KEYWORD, depth);
      return { channel, panels };
    }
    const vector = queries[channel];
    if (vector === null) return { channel, panels: [] };
    const { panels } = await this.space.search(channel, vector, { k: depth, exact });
    return { channel, panels };
  }

  private async toHits(fused: readonly FusedPanel[]): Promise<readonly Hit[]> {
    const panels = await this.store.figures.panelsByIds(fused.map(({ panelId }) => panelId));
    return fused
      .flatMap(({ panelId, score, evidence }) => {
        const panel = panels.get(panelId);
        return panel === undefined ? [] : [{ score, figureId: panel.figureId, panelId, evidence }];
      })
      .map((hit, index) => ({ rank: index + 1, ...hit }));
  }
}
