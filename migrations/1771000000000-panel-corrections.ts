import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Who said which panels a figure has: RECORD, RULES, DETECTOR or PERSON; null where it is whole, or older than this. Panels
 * of a person stay when the record is read again; `panels_corrected_at` (milliseconds) tells one correction from the next.
 * A split that does not agree with the caption is kept as a suggestion (JSON).
 */
export class PanelCorrections1771000000000 implements MigrationInterface {
  name = 'PanelCorrections1771000000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const [column, type] of columns) await runner.query(`ALTER TABLE figure ADD COLUMN ${column} ${type}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const [column] of columns) await runner.query(`ALTER TABLE figure DROP COLUMN ${column}`);
  }
}

const columns = [
  ['panel_origin', 'TEXT'],
  ['panel_suggestion', 'TEXT'],
  ['panels_corrected_at', 'INTEGER'],
] as const;
