import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Signatures of pictures, an index over their features, and what pictures have in common. State of a panel: 0 waits for its
 * signature, 1 waits for being compared, 2 was compared, 3 cannot be read. Panels of an older database begin with 0: the
 * program makes their signatures beside its other work (src/corpus/pictures).
 *
 * A figure in a group has a row in picture_group; each member shows the same picture as its anchor, which is a member too.
 * picture_group_change tells what changed since a given moment; like the other logs it keeps its last 100,000 entries.
 */
export class Pictures1768000000000 implements MigrationInterface {
  name = 'Pictures1768000000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TRIGGER picture_removed');
    await runner.query('DROP TRIGGER picture_group_changed');
    for (const table of ['picture_match', 'picture_code', 'picture_group_change', 'picture_group', 'picture']) {
      await runner.query(`DROP TABLE ${table}`);
    }
  }
}

const statements = [
  `CREATE TABLE picture (
    panel_seq INTEGER PRIMARY KEY REFERENCES panel (seq) ON DELETE CASCADE,
    figure_seq INTEGER NOT NULL,
    is_whole INTEGER NOT NULL,
    state INTEGER NOT NULL CHECK (state IN (0, 1, 2, 3)),
    signature BLOB
  )`,
  `CREATE INDEX picture_waiting ON picture (state, panel_seq) WHERE state < 2`,
  `INSERT INTO picture (panel_seq, figure_seq, is_whole, state)
   SELECT panel.seq, figure.seq, panel.ordinal = 0, 0 FROM panel JOIN figure ON figure.id = panel.figure_id`,

  `CREATE TABLE picture_code (
    panel_seq INTEGER NOT NULL REFERENCES picture (panel_seq) ON DELETE CASCADE,
    place INTEGER NOT NULL,
    prefix INTEGER NOT NULL,
    rest INTEGER NOT NULL,
    PRIMARY KEY (panel_seq, place)
  ) WITHOUT ROWID`,
  `CREATE INDEX picture_code_prefix ON picture_code (prefix, rest)`,

  `CREATE TABLE picture_match (
    first_seq INTEGER NOT NULL REFERENCES picture (panel_seq) ON DELETE CASCADE,
    second_seq INTEGER NOT NULL REFERENCES picture (panel_seq) ON DELETE CASCADE,
    similarity REAL NOT NULL,
    changes INTEGER NOT NULL,
    is_same INTEGER NOT NULL,
    first_box TEXT NOT NULL,
    second_box TEXT NOT NULL,
    PRIMARY KEY (first_seq, second_seq)
  ) WITHOUT ROWID`,
  `CREATE INDEX picture_match_second ON picture_match (second_seq)`,

  `CREATE TABLE picture_group (figure_seq INTEGER PRIMARY KEY, anchor_seq INTEGER NOT NULL)`,
  `CREATE INDEX picture_group_anchor ON picture_group (anchor_seq)`,
  `CREATE TABLE picture_group_change (id INTEGER PRIMARY KEY AUTOINCREMENT, figure_seq INTEGER NOT NULL)`,
  `CREATE TRIGGER picture_group_changed AFTER INSERT ON picture_group_change BEGIN
    DELETE FROM picture_group_change WHERE id = new.id - 100000;
  END`,

  // Also where a foreign key deletes the row. The members of a group that loses its anchor are compared again.
  `CREATE TRIGGER picture_removed AFTER DELETE ON picture WHEN old.is_whole BEGIN
    INSERT INTO picture_group_change (figure_seq)
      SELECT figure_seq FROM picture_group WHERE figure_seq = old.figure_seq OR anchor_seq = old.figure_seq;
    UPDATE picture SET state = 1 WHERE state = 2 AND is_whole AND panel_seq <> old.panel_seq AND figure_seq IN (
      SELECT figure_seq FROM picture_group WHERE anchor_seq = old.figure_seq);
    DELETE FROM picture_group WHERE figure_seq = old.figure_seq OR anchor_seq = old.figure_seq;
  END`,
];
