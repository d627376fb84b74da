import type { CorpusState } from '../../../domain/corpus-state.js';
import type { Database } from '../database.js';
import { readPostings, type Postings } from './postings.js';
import { readSearchableTexts, temporaryIndexStatement, wordColumns, type Words } from './word-index.js';

/** Past this many, the kept postings are read anew in place of being corrected at each search. */
export const defaultMaxRecent = 5000;

/**
 * Panels whose words were indexed since a given moment, in a small index of their own: a temporary table of the
 * connection, with the tokenizer of the large one. What was kept before that moment stays good for all others.
 */
export class RecentWords {
  /** To which version each panel was added. */
  private readonly panels = new Map<number, number>();
  private isCreated = false;
  private updating: Promise<unknown> = Promise.resolve();

  /**
   * @param table a name that no other one has
   * @param position in the log of changed words from which it follows the log
   */
  constructor(
    private readonly database: Database,
    private readonly table: string,
    private position: number,
    private readonly maxPanels: number,
  ) {}

  /** Up to which position of the log it holds the changes; only grows. */
  get version(): number {
    return this.position;
  }

  get isEmpty(): boolean {
    return this.panels.size === 0;
  }

  /** Whether a panel was indexed since, up to a version. */
  has(panel: number, version: number): boolean {
    return (this.panels.get(panel) ?? Infinity) <= version;
  }

  /**
   * Takes in what was indexed up to a state.
   * @returns false where that is too much, or where the log does not go back so far: then another one is to begin
   */
  update(state: CorpusState): Promise<boolean> {
    if (state.lastWordChange <= this.position) return Promise.resolve(true);
    const updated = this.updating.then(() => this.readChanges(state));
    this.updating = updated.catch(() => undefined);
    return updated;
  }

  /** Postings of all panels in it, also of those that were added after the version that is asked about. */
  async postings(part: string): Promise<Postings | null> {
    return this.panels.size === 0 ? null : (await readPostings(this.database, this.table, part)).postings;
  }

  async drop(): Promise<void> {
    await this.updating;
    if (this.isCreated) await this.database.scanner.query(`DROP TABLE temp.${this.table}`);
  }

  private async readChanges({ lastWordChange }: CorpusState): Promise<boolean> {
    if (lastWordChange <= this.position) return true;
    const changes = await this.changesAfter(this.position);
    if (changes === null || this.panels.size + changes.panels.length > this.maxPanels) return false;
    const version = Math.max(changes.last, lastWordChange);
    await this.index(changes.panels, version);
    this.position = version;
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

  private async index(panels: readonly number[], version: number): Promise<void> {
    await this.create();
    const query = <Rows>(sql: string, values: readonly unknown[]): Promise<Rows> =>
      this.database.scanner.query<Rows>(sql, [...values]);
    for (const { seq, texts } of await readSearchableTexts(query<readonly Words[]>, panels)) {
      if (!this.panels.has(seq)) this.panels.set(seq, version);
      await query(
        `INSERT OR REPLACE INTO ${this.table} (rowid, ${wordColumns.join(', ')})
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        [seq, ...texts],
      );
    }
  }

  private async create(): Promise<void> {
    if (this.isCreated) return;
    await this.database.scanner.query(temporaryIndexStatement(this.table, wordColumns));
    this.isCreated = true;
  }
}
