import type { Article, ArticleReference } from '../../domain/article.js';
import { normalizeArticleId } from '../../domain/article-ids.js';
import type { Figure } from '../../domain/figure.js';
import type { ArticleId } from '../../domain/ids.js';
import { ArticleStore } from '../../ports/article-store.js';
import type { Database } from './database.js';
import {
  articleColumns,
  figureColumns,
  readArticle,
  readFigure,
  type ArticleRow,
  type FigureRow,
} from './figure-rows.js';

export class SqliteArticleStore extends ArticleStore {
  constructor(private readonly database: Database) {
    super();
  }

  async articlesByIds(ids: readonly string[]): Promise<ReadonlyMap<ArticleId, Article>> {
    const rows = await this.database.reader.query<(ArticleRow & { readonly askedId: ArticleId })[]>(
      `SELECT former_id AS askedId, 0 AS isOwn, ${articleColumns}
       FROM article_alias JOIN article ON article.id = article_id WHERE former_id IN (SELECT value FROM json_each(?1))
       UNION ALL SELECT article.id, 1, ${articleColumns} FROM article WHERE id IN (SELECT value FROM json_each(?1))
       ORDER BY isOwn`,
      [JSON.stringify(ids)],
    );
    // Of a former id that was given again, the article that has it now comes last and stays.
    return new Map(rows.map((row) => [row.askedId, readArticle(row)]));
  }

  async article(reference: ArticleReference): Promise<Article | null> {
    const [given] = Object.entries(reference).filter(([, value]) => value !== null);
    if (given === undefined) return null;
    const [kind, value] = given as [keyof ArticleReference, string];
    if (kind === 'id') return (await this.articlesByIds([value])).get(value as ArticleId) ?? null;
    const [row] = await this.database.reader.query<ArticleRow[]>(
      `SELECT ${articleColumns} FROM article WHERE ${kind} = ? LIMIT 1`,
      [normalizeArticleId(kind, value)],
    );
    return row === undefined ? null : readArticle(row);
  }

  async figuresOfArticle(articleId: string, limit: number, after: string | null): Promise<readonly Figure[] | null> {
    const { reader } = this.database;
    let last = 0;
    if (after !== null) {
      const [row] = await reader.query<{ seq: number }[]>('SELECT seq FROM figure WHERE id = ? AND article_id = ?', [
        after,
        articleId,
      ]);
      if (row === undefined) return null;
      last = row.seq;
    }
    const rows = await reader.query<FigureRow[]>(
      `SELECT ${figureColumns} FROM figure WHERE article_id = ? AND seq > ? ORDER BY seq LIMIT ?`,
      [articleId, last, limit],
    );
    return rows.map(readFigure);
  }
}
