import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Why a run failed, and which process of which machine runs it: where that process is gone, so is the run. */
export class RunFailures1775000000000 implements MigrationInterface {
  name = 'RunFailures1775000000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const [column, type] of columns) await runner.query(`ALTER TABLE ingest_run ADD COLUMN ${column} ${type}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const [column] of columns) await runner.query(`ALTER TABLE ingest_run DROP COLUMN ${column}`);
  }
}

const columns = [
  ['failure', 'TEXT'],
  ['host', 'TEXT'],
  ['process_id', 'INTEGER'],
] as const;
