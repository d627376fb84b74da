import type { ArticleId } from '../domain/ids.js';
import type { Hit, SearchInfo } from '../domain/search.js';
import type { FigureStore } from '../ports/figure-store.js';
import type { AnswerDetails } from './hit-enricher.js';
import type { FigureSearch, PageOptions, RankedFigures } from './figure-search.js';
import { CursorStore } from './cursor-store.js';
import { parseSearchRequest, requestCacheKey, type SearchRequest } from './search-request.js';
import type { Viewer } from '../domain/viewer.js';

interface ArticleHit {
  readonly rank: number;
  /** Only comparable inside one answer. */
  readonly score: number;
  readonly articleId: ArticleId;
  /** Its best figures, best first. */
  readonly figures: readonly Hit[];
  readonly cursor: string;
}

export interface ArticleAnswer extends AnswerDetails {
  readonly hits: readonly ArticleHit[];
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
  readonly info: SearchInfo;
}

interface RankedArticle {
  readonly articleId: ArticleId;
  readonly score: number;
  readonly figures: readonly Hit[];
}

interface Session {
  readonly key: string;
  readonly size: number;
  readonly articles: readonly RankedArticle[];
  readonly ranked: RankedFigures;
}

/** How many panels each channel names for the articles to be ranked by; what lies deeper is not ranked. */
const depth = 1000;
const figuresShown = 5;

/**
 * An article's score: the squares of its figures' scores, each further figure counting half as much as the one before
 * it. The best figure alone would overlook an article with three good ones; the plain sum would put long articles
 * first. docs/search.md has the measurement.
 */
const decay = 0.5;

/** Articles by their figures: from an image, the literature that shows its like. */
export class ArticleSearch {
  private readonly sessions = new CursorStore<Session>();

  constructor(
    private readonly search: FigureSearch,
    private readonly figures: FigureStore,
    private readonly maxFirst: number,
  ) {}

  /**
   * @throws {FigseekError} as `FigureSearch.search`
   */
  async run(viewer: Viewer, given: SearchRequest, { after = null, signal }: PageOptions = {}): Promise<ArticleAnswer> {
    const request = parseSearchRequest(given, this.maxFirst);
    const key = `articles ${requestCacheKey(request)}`;
    if (after !== null) {
      const { session, position, value } = this.sessions.resume(after, key);
      return this.page(session, value, position, request.first);
    }
    const ranked = await this.search.ranked(viewer, request, depth, signal);
    const articles = await this.grouped(ranked);
    const session = { key, articles, ranked, size: articles.length + ranked.figures.length };
    return this.page(this.sessions.start(session), session, 0, request.first);
  }

  private async grouped({ figures }: RankedFigures): Promise<readonly RankedArticle[]> {
    const articleOf = await this.figures.articlesOfFigures(figures.map(({ figureId }) => figureId));
    const groups = new Map<ArticleId, Hit[]>();
    for (const [place, { figureId, panelId, score, evidence, isMatch }] of figures.entries()) {
      const articleId = articleOf.get(figureId);
      if (articleId === undefined) continue;
      const hits = groups.get(articleId) ?? [];
      hits.push({ rank: place + 1, figureId, panelId, score, evidence, isMatch });
      groups.set(articleId, hits);
    }
    return [...groups]
      .map(([articleId, hits]) => ({ articleId, score: articleScore(hits.map(({ score }) => score)), figures: hits }))
      .sort((a, b) => b.score - a.score || (a.articleId < b.articleId ? -1 : 1));
  }

  private async page(id: string, session: Session, position: number, first: number): Promise<ArticleAnswer> {
    const startedAt = performance.now();
    // One more than is shown tells whether there is another page.
    const alive = await this.aliveFrom(session, position, first + 1);
    const hits = alive.slice(0, first).map(({ place, figures, ...article }) => ({
      ...article,
      rank: place + 1,
      figures: figures.slice(0, figuresShown),
      cursor: this.sessions.cursor(id, place + 1),
    }));
    return {
      hits,
      hasNextPage: alive.length > first,
      hasPreviousPage: position > 0,
      info: { ...session.ranked.info, fetchMs: performance.now() - startedAt },
      facets: (fields) => session.ranked.facets(fields),
      snippet: (caption, byMeaning) => session.ranked.snippet(caption, byMeaning),
      suggestedText: () => session.ranked.suggestedText(),
      heatMapId: (panelId) => session.ranked.heatMapId(panelId),
    };
  }

  /** The next articles that still have a figure, with those figures; an article whose figures are all gone is gone. */
  private async aliveFrom(
    { articles }: Session,
    position: number,
    count: number,
  ): Promise<readonly (RankedArticle & { readonly place: number })[]> {
    const alive: (RankedArticle & { readonly place: number })[] = [];
    for (let from = position; alive.length < count && from < articles.length; from += count) {
      const part = articles.slice(from, from + count);
      const stored = await this.figures.imageHashes(
        part.flatMap(({ figures }) => figures.map(({ figureId }) => figureId)),
      );
      for (const [i, article] of part.entries()) {
        const figures = article.figures.filter(({ figureId }) => stored.has(figureId));
        if (figures.length > 0) alive.push({ ...article, figures, place: from + i });
      }
    }
    return alive.slice(0, count);
  }
}

/** @param scores of an article's figures, best first */
export function articleScore(scores: readonly number[]): number {
  return scores.reduce((sum, score, place) => sum + score ** 2 * decay ** place, 0);
}
