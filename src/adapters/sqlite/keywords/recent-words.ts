import type { CorpusState } from '../../../domain/corpus-state.js';
import type { Database } from '../database.js';
import { readPostings, type Postings } from './postings.js';
import { readSearchableTexts, type Words } from './word-index.js';

/** Past this many, the cached postings are read anew in place of being corrected at each search. */
const maxRecent = 5000;
const table = 'recent_words';

/**
 * Panels whose words were indexed since a given moment, in a small index of their own: a temporary table of this
 * connection, with the tokenizer of the large one. What was cached before that moment stays good for all others.
 */
export class RecentWords {
  private readonly panels = new Set<number>();
  private position: number | null = null;
  private isCreated = false;
  private updating: Promise<unknown> = Promise.resolve();

  constructor(private readonly database: Database) {}

  /** Changes with what is in it. */
  get version(): number {
    return this.position ?? 0;
  }

  get size(): number {
    return this.panels.size;
  }

  has(panel: number): boolean {
    return this.panels.has(panel);
  }

  /**
   * Takes in what was indexed up to a state.
   * @returns false where it begins anew at that state: then nothing that was cached before is good any more
   */
  update(state: CorpusState): Promise<boolean> {
    if (this.position !== null && state.lastWordChange <= this.position) return Promise.resolve(true);
    const updated = this.updating.then(() => this.readChanges(state));
    this.updating = updated.catch(() => undefined);
    return updated;
  }

  async postings(part: string): Promise<Postings> {
    return (await readPostings(this.database, table, part)).postings;
  }

  private async readChanges(state: CorpusState): Promise<boolean> {
    const from = this.position;
    if (from !== null && state.lastWordChange <= from) return true;
    const changes = from === null ? null : await this.changesAfter(from);
    if (changes === null || this.panels.size + changes.panels.length > maxRecent) {
      await this.clear();
      this.position = state.lastWordChange;
      return false;
    }
    await this.index(changes.panels);
    this.position = Math.max(changes.last, state.lastWordChange);
    return true;
  }

  /** Null where the log does not go back so far. */
  private async changesAfter(
    position: number,
  ): Promise<{ readonly last: number; readonly panels: readonly number[] } | null> {
    const [row] = await this.database.scanner.query<{ first: number | null; last: number | null; panels: string }[]>(
      `SELECT MIN(id) AS first, MAX(id) AS last, group_concat(DISTINCT panel_seq) AS panels
       FROM word_change WHERE id > ?`,
      [position],
    );
    if (row?.first == null || row.last === null) return { last: position, panels: [] };
    if (row.first > position + 1) return null;
    return { last: row.last, panels: row.panels.split(',').map(Number) };
  }

  private async index(panels: readonly number[]): Promise<void> {
    await this.create();
    const query = <Rows>(sql: string, values: readonly unknown[]): Promise<Rows> =>
      this.database.scanner.query<Rows>(sql, [...values]);
    for (const { seq, texts } of await readSearchableTexts(query<readonly Words[]>, panels)) {
      if (this.panels.has(seq)) await query(`DELETE FROM ${table} WHERE rowid = ?`, [seq]);
      this.panels.add(seq);
      await query(
        `INSERT INTO ${table} (rowid, caption, alt, label, labels, title, journal, mentions, ids)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        [seq, ...texts],
      );
    }
  }

  private async clear(): Promise<void> {
    this.panels.clear();
    if (this.isCreated) await this.database.scanner.query(`INSERT INTO ${table} (${table}) VALUES ('delete-all')`);
  }

  private async create(): Promise<void> {
    if (this.isCreated) return;
    await this.database.scanner.query('PRAGMA temp_store = MEMORY');
    await this.database.scanner.query(
      `CREATE VIRTUAL TABLE temp.${table} USING fts5 (
         caption, alt, label, labels, title, journal, mentions, ids,
         content='', contentless_delete=1,
         tokenize="porter unicode61 remove_diacritics 0 categories 'L* N* M* Co'")`,
    );
    this.isCreated = true;
  }
}
