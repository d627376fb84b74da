import type { PanelId } from '../domain/ids.js';
import type { RankedPanel } from '../domain/search.js';
import type { Database } from './database.js';

/**
 * BM25 over caption, description, label, labels, title and journal (SQLite FTS5; Porter stemming, diacritics folded).
 * The weights favour what is printed under the figure over the article's title.
 */
export class KeywordSearch {
  constructor(private readonly database: Database) {}

  /**
   * @param text any text: it is cut into words, and none of it is query syntax
   * @returns panel 0 of each figure that holds at least one word, best first; `score` is BM25, higher is better
   */
  async search(text: string, limit: number): Promise<readonly RankedPanel[]> {
    const match = toMatchExpression(text);
    if (match === null) return [];
    const rows = await this.database.reader.query<{ panel_id: PanelId; score: number }[]>(
      `SELECT panel.id AS panel_id, -bm25(figure_words, 4.0, 2.0, 1.0, 4.0, 1.0, 0.5) AS score
       FROM figure_words
       JOIN figure ON figure.seq = figure_words.rowid
       JOIN panel ON panel.figure_id = figure.id AND panel.ordinal = 0
       WHERE figure_words MATCH ?
       ORDER BY score DESC, panel.id LIMIT ?`,
      [match, limit],
    );
    return rows.map((row) => ({ panelId: row.panel_id, score: row.score }));
  }
}

/** Words → an FTS5 expression: each word a quoted string, any of them may match; null where there is no word. */
export function toMatchExpression(text: string): string | null {
  const words = text.normalize('NFC').match(/[\p{L}\p{N}]+/gu) ?? [];
  const distinct = [...new Set(words.map((word) => word.toLowerCase()))].filter((word) => !stopWords.has(word));
  const used = distinct.length > 0 ? distinct : words;
  return used.length === 0
    ? null
    : used
        .slice(0, 64)
        .map((word) => `"${word}"`)
        .join(' OR ');
}

// Words of a question that say nothing about a figure; with OR they would only add noise and cost.
const stopWords = new Set('a an and are as at by for from in is it of on or that the this to was were with'.split(' '));
