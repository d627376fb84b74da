import type { PanelId } from '../../domain/ids.js';
import type { RankedPanel } from '../../domain/search.js';
import type { Database } from '../database.js';
import type { Condition } from '../filter-sql.js';
import { toMatchExpression } from './keyword-query.js';

/** caption, alt, label, labels, title, journal, mentions, ids: what is printed under the figure before what is said of its article. */
const columnWeights = '4.0, 2.0, 1.0, 4.0, 1.0, 0.5, 1.0, 8.0';

interface Row {
  readonly panel_id: PanelId;
  readonly score: number;
}

/** BM25 over the words of figures and their articles (SQLite FTS5; Porter stemming, diacritics folded). */
export class KeywordSearch {
  constructor(private readonly database: Database) {}

  /**
   * @param text what a person typed; see `toMatchExpression` for what it may say
   * @param filter which figures may be found; null: all
   * @returns panel 0 of each matching figure, best first; `score` is BM25, higher is better
   */
  async search(text: string, limit: number, filter: Condition | null): Promise<readonly RankedPanel[]> {
    const match = toMatchExpression(text);
    if (match === null) return [];
    const among =
      filter === null
        ? { sql: 'TRUE', values: [] }
        : {
            sql: `rowid IN (SELECT figure.seq FROM figure LEFT JOIN article ON article.id = figure.article_id WHERE ${filter.sql})`,
            values: filter.values,
          };
    // The best are chosen before anything is joined to them: a common word matches a good part of the corpus.
    const rows = await this.database.reader.query<Row[]>(
      `SELECT panel.id AS panel_id, best.score FROM (
         SELECT rowid, -bm25(figure_words, ${columnWeights}) AS score FROM figure_words
         WHERE figure_words MATCH ? AND ${among.sql} ORDER BY score DESC, rowid LIMIT ?) AS best
       JOIN figure ON figure.seq = best.rowid JOIN panel ON panel.figure_id = figure.id AND panel.ordinal = 0
       ORDER BY best.score DESC, panel.id`,
      [match, ...among.values, limit],
    );
    return rows.map((row) => ({ panelId: row.panel_id, score: row.score }));
  }

  /** The scores of given panels, for those that match. */
  async scores(text: string, panels: readonly string[]): Promise<readonly RankedPanel[]> {
    const match = toMatchExpression(text);
    if (match === null || panels.length === 0) return [];
    // The plus and the cross joins keep SQLite from asking the word index once for each figure.
    const rows = await this.database.reader.query<Row[]>(
      `WITH asked AS MATERIALIZED (
         SELECT figure.seq FROM json_each(?) AS given
         JOIN panel ON panel.id = given.value AND panel.ordinal = 0 JOIN figure ON figure.id = panel.figure_id)
       SELECT panel.id AS panel_id, -bm25(figure_words, ${columnWeights}) AS score
       FROM figure_words
       CROSS JOIN figure ON figure.seq = figure_words.rowid
       CROSS JOIN panel ON panel.figure_id = figure.id AND panel.ordinal = 0
       WHERE figure_words MATCH ? AND +figure_words.rowid IN (SELECT seq FROM asked)
       ORDER BY score DESC, panel.id`,
      [JSON.stringify(panels), match],
    );
    return rows.map((row) => ({ panelId: row.panel_id, score: row.score }));
  }

  /** How many figures match. */
  async count(text: string, filter: Condition | null): Promise<number> {
    const match = toMatchExpression(text);
    if (match === null) return 0;
    const { sql, values } = filter ?? { sql: 'TRUE', values: [] };
    const rows = await this.database.scanner.query<{ count: number }[]>(
      `SELECT COUNT(*) AS count FROM figure_words
       JOIN figure ON figure.seq = figure_words.rowid LEFT JOIN article ON article.id = figure.article_id
       WHERE figure_words MATCH ? AND ${sql}`,
      [match, ...values],
    );
    return rows[0]?.count ?? 0;
  }
}
