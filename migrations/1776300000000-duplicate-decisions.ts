import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What people decided of two figures with something in common. Figures are named by their ids, which stay when a figure is
 * stored anew or comes back. `kept_id` is the figure that stands for the others where one of them was to be kept.
 */
export class DuplicateDecisions1776300000000 implements MigrationInterface {
  name = 'DuplicateDecisions1776300000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE duplicate_decision (
      first_id TEXT NOT NULL,
      second_id TEXT NOT NULL,
      decision TEXT NOT NULL CHECK (decision IN ('KEEP_ALL', 'KEEP_ONE', 'NOT_SAME')),
      kept_id TEXT,
      decided_by TEXT NOT NULL,
      decided_at INTEGER NOT NULL,
      PRIMARY KEY (first_id, second_id),
      CHECK (first_id < second_id)
    ) WITHOUT ROWID`);
    await runner.query('CREATE INDEX duplicate_decision_second ON duplicate_decision (second_id)');
    await runner.query(
      `CREATE INDEX duplicate_decision_kept ON duplicate_decision (kept_id) WHERE kept_id IS NOT NULL`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE duplicate_decision');
  }
}
