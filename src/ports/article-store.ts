import type { Article, ArticleReference } from '../domain/article.js';
import type { Figure } from '../domain/figure.js';
import type { ArticleId } from '../domain/ids.js';

/** Articles, by their ids or by those that they had before they were merged. */
export abstract class ArticleStore {
  /** Keyed by the given ids. Articles that do not exist are left out. */
  abstract articlesByIds(ids: readonly string[]): Promise<ReadonlyMap<ArticleId, Article>>;

  /** An article by any way of writing one of its ids; null where there is none. */
  abstract article(reference: ArticleReference): Promise<Article | null>;

  /**
   * Figures of an article in the order in which they were added.
   * @param after the id of one of its figures: those behind it
   * @returns null where the article has no figure `after`
   */
  abstract figuresOfArticle(articleId: string, limit: number, after: string | null): Promise<readonly Figure[] | null>;
}
