import type { Article, ArticleReference } from '../domain/article.js';
import { FigseekError } from '../domain/errors.js';
import type { Figure, Panel } from '../domain/figure.js';
import type { ArticleId, FigureId, PanelId } from '../domain/ids.js';
import type { PanelClass } from '../domain/panel-class.js';
import type { Viewer } from '../domain/viewer.js';
import type { ArticleStore } from '../ports/article-store.js';
import type { FigureStore } from '../ports/figure-store.js';
import type { PanelClassStore } from '../ports/panel-class-store.js';

/** Figures, panels and articles by their ids, many in one call. Those that do not exist are left out. */
export class CorpusReader {
  constructor(
    private readonly figureStore: FigureStore,
    private readonly articleStore: ArticleStore,
    private readonly classStore: Pick<PanelClassStore, 'classesOf'>,
  ) {}

  figures(_viewer: Viewer, ids: readonly string[]): Promise<ReadonlyMap<FigureId, Figure>> {
    return this.figureStore.figuresByIds(ids);
  }

  panels(_viewer: Viewer, ids: readonly string[]): Promise<ReadonlyMap<PanelId, Panel>> {
    return this.figureStore.panelsByIds(ids);
  }

  /** The whole figure before its parts. */
  panelsOfFigures(_viewer: Viewer, ids: readonly string[]): Promise<readonly Panel[]> {
    return this.figureStore.panelsOfFigures(ids);
  }

  /** What the classifier that is shown says of panels. */
  panelClasses(_viewer: Viewer, ids: readonly string[]): Promise<ReadonlyMap<PanelId, PanelClass>> {
    return this.classStore.classesOf(ids);
  }

  /** Keyed by the given ids, which may be those of articles that were merged since. */
  articles(_viewer: Viewer, ids: readonly string[]): Promise<ReadonlyMap<ArticleId, Article>> {
    return this.articleStore.articlesByIds(ids);
  }

  /** @throws {FigseekError} BAD_USER_INPUT unless exactly one id is given */
  async article(_viewer: Viewer, reference: ArticleReference): Promise<Article | null> {
    const given = Object.values(reference).filter((value) => value !== null).length;
    if (given !== 1) {
      throw new FigseekError('BAD_USER_INPUT', `Expected exactly one of id, pmcid, pmid, doi but received ${given}`);
    }
    return this.articleStore.article(reference);
  }

  /**
   * In the order in which they were added.
   * @param after the id of one of its figures: those behind it
   * @returns null where the article has no figure `after`
   */
  figuresOfArticle(
    _viewer: Viewer,
    articleId: string,
    limit: number,
    after: string | null,
  ): Promise<readonly Figure[] | null> {
    return this.articleStore.figuresOfArticle(articleId, limit, after);
  }
}
