import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What people change of a figure: `edits` holds, as JSON, for each field that a person changed what the person says and what
 * the record says; `edited_at` (milliseconds) tells one change from the next. The history keeps both values of each change.
 */
export class FigureEdits1776200000000 implements MigrationInterface {
  name = 'FigureEdits1776200000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE figure ADD COLUMN edits TEXT');
    await runner.query('ALTER TABLE figure ADD COLUMN edited_at INTEGER');
    await runner.query(`CREATE TABLE figure_edit (
      seq INTEGER PRIMARY KEY AUTOINCREMENT,
      figure_seq INTEGER NOT NULL REFERENCES figure (seq) ON DELETE CASCADE,
      field TEXT NOT NULL,
      before TEXT NOT NULL,
      after TEXT NOT NULL,
      is_release INTEGER NOT NULL,
      editor TEXT NOT NULL,
      edited_at INTEGER NOT NULL
    )`);
    await runner.query('CREATE INDEX figure_edit_figure ON figure_edit (figure_seq, seq)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE figure_edit');
    await runner.query('ALTER TABLE figure DROP COLUMN edited_at');
    await runner.query('ALTER TABLE figure DROP COLUMN edits');
  }
}
