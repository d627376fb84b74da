import { FigseekError } from '../domain/errors.js';
import type { FigureFilter } from '../domain/figure-filter.js';
import type { FigureId, PanelId } from '../domain/ids.js';
import type { Channel, Hit, SearchInfo } from '../domain/search.js';
import type { StoredHit } from '../domain/stored-hit.js';
import type { HitStore } from '../ports/hit-store.js';
import type { AnswerDetails } from './hit-enricher.js';
import type { RankedHit, ResultList } from './result-pager.js';
import { CursorStore } from './cursor-store.js';
import type { SearchServices } from './search-services.js';
import {
  parseSearchRequest,
  defaultSearchRequest,
  requestCacheKey,
  type CheckedRequest,
  type SearchRequest,
} from './search-request.js';
import type { Viewer } from '../domain/viewer.js';

export interface FoundHit extends Hit {
  /** What is shown of it. */
  readonly stored: StoredHit;
  readonly cursor: string;
  /** Figures with the same picture that this one stands for. */
  readonly duplicates: readonly FigureId[];
}

export interface SearchAnswer extends AnswerDetails {
  readonly hits: readonly FoundHit[];
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
  readonly info: SearchInfo;
}

/** Figures of one answer, best first, each by its best panel. */
export interface RankedFigures extends AnswerDetails {
  readonly figures: readonly RankedHit[];
  readonly info: Omit<SearchInfo, 'fetchMs'>;
}

/** An answer that is paged through, with what made it: its later pages are made by the same. */
type Session = ResultList & { readonly stack: SearchServices };

/** Which page of an answer is asked for. */
export interface PageOptions {
  /** Cursor of a hit: the page behind it; null for the first page. */
  readonly after?: string | null;
  /** Aborted: nothing more is begun for it. */
  readonly signal?: AbortSignal | undefined;
}

/** A list of figures that is paged through. */
interface AskedList {
  /** Tells whether a cursor belongs to the request. */
  readonly key: string;
  readonly request: CheckedRequest;
  /** The panel whose figure is not in the list. */
  readonly excluded: PanelId | null;
}

/** A part of a list. */
interface Place {
  /** How many hits come before. */
  readonly position: number;
  readonly first: number;
  readonly signal: AbortSignal | undefined;
}

/** Text → figure, image → figure, figure → like figures, page by page. */
export class FigureSearch {
  private readonly sessions = new CursorStore<Session>();

  constructor(
    private readonly current: () => SearchServices,
    private readonly store: HitStore,
    private readonly maxFirst: number,
  ) {}

  /**
   * @throws {FigseekError} BAD_USER_INPUT, NOT_FOUND, UNSUPPORTED_MEDIA, MODEL_UNAVAILABLE, INDEX_UNAVAILABLE
   */
  async search(
    _viewer: Viewer,
    given: SearchRequest,
    { after = null, signal }: PageOptions = {},
  ): Promise<SearchAnswer> {
    const request = parseSearchRequest(given, this.maxFirst);
    return this.answer({ key: requestCacheKey(request), request, excluded: null }, { after, signal });
  }

  /** Figures like a stored one, by its image and its caption; the figure itself is not among them. */
  async similar(
    _viewer: Viewer,
    panelId: PanelId,
    options: {
      readonly first: number;
      readonly channels: readonly Channel[] | null;
      readonly filter: FigureFilter | null;
    },
    { after = null, signal }: PageOptions = {},
  ): Promise<SearchAnswer> {
    if (options.channels?.includes('KEYWORD') === true) {
      throw new FigseekError('BAD_USER_INPUT', 'Similar figures are found by IMAGE and CAPTION, not by KEYWORD');
    }
    const request = parseSearchRequest(
      {
        terms: [{ kind: 'image', image: { source: { kind: 'panel', id: panelId }, region: null }, weight: 1 }],
        exact: false,
        fusion: defaultSearchRequest.fusion,
        channelWeights: {},
        minRelativeScore: null,
        collapseDuplicates: false,
        expand: false,
        ...options,
      },
      this.maxFirst,
    );
    return this.answer({ key: `similar ${requestCacheKey(request)}`, request, excluded: panelId }, { after, signal });
  }

  /**
   * The best figures of a query, in one list: for what groups them.
   * @param depth how many panels each channel names; figures with many panels make fewer figures of them
   */
  async ranked(_viewer: Viewer, request: CheckedRequest, depth: number, signal?: AbortSignal): Promise<RankedFigures> {
    const { lists, details } = this.current();
    const list = await lists.start(requestCacheKey(request), request, { depth }, signal);
    return { figures: list.listed, info: list.info, ...details.enrich(list) };
  }

  private async answer(
    { key, request, excluded }: AskedList,
    { after, signal }: Required<PageOptions>,
  ): Promise<SearchAnswer> {
    const { first } = request;
    if (after !== null) {
      const { session, position, value } = this.sessions.resume(after, key);
      return this.page(session, value, { position, first, signal });
    }
    const stack = this.current();
    const list = { ...(await stack.lists.start(key, request, { left: excluded }, signal)), stack };
    return this.page(this.sessions.start(list), list, { position: 0, first, signal });
  }

  private async page(id: string, begun: Session, { position, first, signal }: Place): Promise<SearchAnswer> {
    let list = begun;
    const startedAt = performance.now();
    const hits: FoundHit[] = [];
    let at = position;
    let hasNextPage = false;
    // One more than the page holds, to know whether there is another.
    while (!hasNextPage) {
      if (at >= list.listed.length) {
        if (list.depth === null) break;
        list = { ...(await list.stack.lists.extend(list, signal)), stack: list.stack };
        this.sessions.update(id, list);
        continue;
      }
      const next = list.listed.slice(at, at + first + 1);
      const alive = await this.store.read(next.map(({ panelId }) => panelId));
      for (const ranked of next) {
        const stored = alive.get(ranked.panelId);
        if (stored !== undefined) {
          hasNextPage = hits.length === first;
          if (hasNextPage) break;
          hits.push(this.foundHit(id, at + 1, ranked, stored));
        }
        at++;
      }
    }
    const info = { ...list.info, fetchMs: performance.now() - startedAt };
    return { hits, hasNextPage, hasPreviousPage: position > 0, info, ...list.stack.details.enrich(list) };
  }

  private foundHit(session: string, rank: number, ranked: RankedHit, stored: StoredHit): FoundHit {
    const { score, figureId, panelId, evidence, duplicates, isMatch } = ranked;
    const { sessions } = this;
    return {
      ...{ rank, score, figureId, panelId, evidence, duplicates, isMatch, stored },
      // Signed only where somebody asks for it.
      get cursor() {
        return sessions.cursor(session, rank);
      },
    };
  }
}
