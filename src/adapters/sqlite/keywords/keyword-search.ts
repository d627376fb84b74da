import { isWholeFigure } from '../../../domain/ids.js';
import { byScore, type IndexedPanel, type RankedPanel } from '../../../domain/search.js';
import type { Database } from '../database.js';
import type { Condition } from '../filter-sql.js';
import { toMatchExpression } from './keyword-query.js';

/** caption, alt, label, labels, title, journal, mentions, ids: what is printed under the figure before what is said of its article. */
const columnWeights = '4.0, 2.0, 1.0, 4.0, 1.0, 0.5, 1.0, 8.0';

interface Row extends Omit<IndexedPanel, 'labels'> {
  readonly score: number;
  readonly image: number | null;
  readonly caption: number | null;
}

/** BM25 over the words of figures and their articles (SQLite FTS5; Porter stemming, diacritics folded). */
export class KeywordSearch {
  constructor(private readonly database: Database) {}

  /**
   * @param text what a person typed; see `toMatchExpression` for what it may say
   * @param filter which figures may be found; null: all
   * @param space whose labels the panels carry
   * @returns panel 0 of each matching figure, best first; `score` is BM25, higher is better
   */
  async search(
    text: string,
    limit: number,
    filter: Condition | null,
    space: string,
  ): Promise<readonly (IndexedPanel & RankedPanel)[]> {
    const match = toMatchExpression(text);
    if (match === null) return [];
    const { sql, values } = among(filter);
    // The best are chosen before anything is joined to them: a common word matches a good part of the corpus.
    const rows = await this.database.scanner.query<Row[]>(
      `SELECT panel.id AS panelId, best.rowid AS figureSeq, figure.image_hash AS imageHash, best.score,
         image.seq AS image, caption.seq AS caption
       FROM (
         SELECT rowid, -bm25(figure_words, ${columnWeights}) AS score FROM figure_words
         WHERE figure_words MATCH ? AND ${sql} ORDER BY score DESC, rowid LIMIT ?) AS best
       JOIN figure ON figure.seq = best.rowid JOIN panel ON panel.figure_id = figure.id AND panel.ordinal = 0
       LEFT JOIN embedding AS image ON image.panel_id = panel.id AND image.space = ? AND image.kind = 'IMAGE'
       LEFT JOIN embedding AS caption ON caption.panel_id = panel.id AND caption.space = ? AND caption.kind = 'CAPTION'
       ORDER BY best.score DESC, panel.id`,
      [match, ...values, limit, space, space],
    );
    return rows.map(({ image, caption, ...row }) => ({ ...row, labels: { IMAGE: image, CAPTION: caption } }));
  }

  /** The scores of given panels, for those that match, best first. */
  async scores(text: string, panels: readonly IndexedPanel[]): Promise<readonly RankedPanel[]> {
    const match = toMatchExpression(text);
    // The words are those of the whole figure.
    const panelOf = new Map(
      panels.flatMap(({ panelId, figureSeq }) => (isWholeFigure(panelId) ? [[figureSeq, panelId]] : [])),
    );
    if (match === null || panelOf.size === 0) return [];
    // The plus keeps SQLite from asking the word index once for each figure.
    const rows = await this.database.scanner.query<{ rowid: number; score: number }[]>(
      `SELECT rowid, -bm25(figure_words, ${columnWeights}) AS score FROM figure_words
       WHERE figure_words MATCH ? AND +rowid IN (SELECT value FROM json_each(?))`,
      [match, JSON.stringify([...panelOf.keys()])],
    );
    return rows
      .flatMap(({ rowid, score }) => {
        const panelId = panelOf.get(rowid);
        return panelId === undefined ? [] : [{ panelId, score }];
      })
      .sort(byScore);
  }

  /** How many figures match. */
  async count(text: string, filter: Condition | null): Promise<number> {
    const match = toMatchExpression(text);
    if (match === null) return 0;
    const { sql, values } = among(filter);
    const rows = await this.database.scanner.query<{ count: number }[]>(
      `SELECT COUNT(*) AS count FROM figure_words WHERE figure_words MATCH ? AND ${sql}`,
      [match, ...values],
    );
    return rows[0]?.count ?? 0;
  }
}

function among(filter: Condition | null): Condition {
  if (filter === null) return { sql: 'TRUE', values: [] };
  const { sql, values } = filter;
  return {
    sql: `rowid IN (SELECT figure.seq FROM figure LEFT JOIN article ON article.id = figure.article_id WHERE ${sql})`,
    values,
  };
}
