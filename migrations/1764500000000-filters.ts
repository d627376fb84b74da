import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What filters and facets ask for: labels one a row, the figure of each vector, and a number that tells of every change.
 * Sentences that mention a figure. The keyword index has columns
 * for them and for ids; the program fills it when it opens the database (src/adapters/sqlite/derived-data.ts).
 */
export class Filters1764500000000 implements MigrationInterface {
  name = 'Filters1764500000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE figure DROP COLUMN mentions`);
    await runner.query(`DELETE FROM property WHERE name = 'corpus_version'`);
    await runner.query(`DROP INDEX embedding_figure`);
    await runner.query(`CREATE INDEX embedding_space ON embedding (space, kind, seq)`);
    await runner.query(`ALTER TABLE embedding DROP COLUMN figure_seq`);
    await runner.query(`DROP TABLE figure_label`);
  }
}

const statements = [
  `CREATE TABLE figure_label (
    figure_seq INTEGER NOT NULL REFERENCES figure (seq) ON DELETE CASCADE,
    label TEXT NOT NULL COLLATE NOCASE,
    PRIMARY KEY (figure_seq, label)
  ) WITHOUT ROWID`,
  `CREATE INDEX figure_label_label ON figure_label (label, figure_seq)`,
  `INSERT OR IGNORE INTO figure_label (figure_seq, label)
     SELECT figure.seq, json_each.value FROM figure, json_each(figure.labels)`,

  // Denormalised: from a vector to its figure without two joins over text ids (347 ms against 60 ms for 100,000 figures).
  `ALTER TABLE embedding ADD COLUMN figure_seq INTEGER`,
  `UPDATE embedding SET figure_seq = (
     SELECT figure.seq FROM panel JOIN figure ON figure.id = panel.figure_id WHERE panel.id = embedding.panel_id)`,
  `DROP INDEX embedding_space`,
  `CREATE INDEX embedding_figure ON embedding (space, kind, seq, figure_seq)`,

  `INSERT INTO property (name, value) VALUES ('corpus_version', '1')`,

  `ALTER TABLE figure ADD COLUMN mentions TEXT NOT NULL DEFAULT '[]'`,
  `DROP TABLE figure_words`,
  // Contentless: the words stand in figure and article; rowid is figure.seq.
  `CREATE VIRTUAL TABLE figure_words USING fts5 (
    caption, alt, label, labels, title, journal, mentions, ids,
    content='', contentless_delete=1, tokenize='porter unicode61 remove_diacritics 2', prefix='2 3'
  )`,
];
