import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The keyword index holds the words of each panel. Two logs tell what changed since a given moment, so that what is kept in
 * memory can follow: panels that were deleted, and panels whose words were indexed again. Each log keeps its last 100,000
 * entries; what is kept in memory and is further behind is read again as a whole.
 *
 * The words are filled in by the program when it opens the database (src/adapters/sqlite/derived-data.ts).
 */
export class Panels1767000000000 implements MigrationInterface {
  name = 'Panels1767000000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('The keyword index of figures is gone: restore a copy of the database'));
  }
}

const statements = [
  `DROP TABLE figure_words`,
  // Contentless: the words stand in figure, panel and article; rowid is panel.seq.
  `CREATE VIRTUAL TABLE panel_words USING fts5 (
    caption, alt, label, labels, title, journal, mentions, ids,
    content='', contentless_delete=1,
    tokenize="porter unicode61 remove_diacritics 0 categories 'L* N* M* Co'", prefix='2 3'
  )`,

  `CREATE TABLE panel_removal (id INTEGER PRIMARY KEY AUTOINCREMENT, panel_seq INTEGER NOT NULL)`,
  `CREATE TABLE word_change (id INTEGER PRIMARY KEY AUTOINCREMENT, panel_seq INTEGER NOT NULL)`,

  // Rows that a foreign key deletes run triggers as well.
  `CREATE TRIGGER panel_removed AFTER DELETE ON panel BEGIN
    DELETE FROM panel_words WHERE rowid = old.seq;
    INSERT INTO panel_removal (panel_seq) VALUES (old.seq);
    DELETE FROM panel_removal WHERE id = last_insert_rowid() - 100000;
  END`,
  `CREATE TRIGGER words_changed AFTER INSERT ON word_change BEGIN
    DELETE FROM word_change WHERE id = new.id - 100000;
  END`,
];
