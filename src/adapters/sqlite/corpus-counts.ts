import { CorpusCounts } from '../../ports/corpus-counts.js';
import type { Database } from './database.js';

export class SqliteCorpusCounts extends CorpusCounts {
  constructor(private readonly database: Database) {
    super();
  }

  async counts(): Promise<{ readonly articles: number; readonly figures: number; readonly panels: number }> {
    const [row] = await this.database.reader.query<{ articles: number; figures: number; panels: number }[]>(
      `SELECT (SELECT COUNT(*) FROM article) AS articles, (SELECT COUNT(*) FROM figure) AS figures,
         (SELECT COUNT(*) FROM panel) AS panels`,
    );
    return row ?? { articles: 0, figures: 0, panels: 0 };
  }

  async countBy(
    field: 'modality' | 'license' | 'year',
  ): Promise<readonly { readonly value: string; readonly count: number }[]> {
    const column = field === 'year' ? 'article.year' : `COALESCE(figure.${field}, '')`;
    return this.database.reader.query<{ value: string; count: number }[]>(
      `SELECT CAST(${column} AS TEXT) AS value, COUNT(*) AS count
       FROM figure LEFT JOIN article ON article.id = figure.article_id
       WHERE ${column} IS NOT NULL AND ${column} <> ''
       GROUP BY 1 ORDER BY 2 DESC, 1`,
    );
  }
}
