import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What a run tells while it goes on: how many records there are (null: not known), how many figures it removed, when its
 * process was last alive and when somebody asked for its end (milliseconds). `ingest_record` holds the keys that a running
 * ingest has read: no key is taken twice, and what was not read can be removed. A figure that an ingest removed, since its
 * source has it no more, may come back with the record; one that a person deleted may not.
 */
export class IngestProgress1772000000000 implements MigrationInterface {
  name = 'IngestProgress1772000000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DELETE FROM deleted_figure WHERE is_pruned');
    await runner.query('ALTER TABLE deleted_figure DROP COLUMN is_pruned');
    await runner.query('DROP TABLE ingest_record');
    for (const column of ['total', 'removed', 'alive_at', 'cancel_requested_at']) {
      await runner.query(`ALTER TABLE ingest_run DROP COLUMN ${column}`);
    }
  }
}

const statements = [
  'ALTER TABLE ingest_run ADD COLUMN total INTEGER',
  'ALTER TABLE ingest_run ADD COLUMN removed INTEGER NOT NULL DEFAULT 0',
  'ALTER TABLE ingest_run ADD COLUMN alive_at INTEGER',
  'ALTER TABLE ingest_run ADD COLUMN cancel_requested_at INTEGER',
  `CREATE TABLE ingest_record (
    run_id TEXT NOT NULL REFERENCES ingest_run (id) ON DELETE CASCADE,
    source_key TEXT NOT NULL,
    PRIMARY KEY (run_id, source_key)
  ) WITHOUT ROWID`,
  'ALTER TABLE deleted_figure ADD COLUMN is_pruned BOOLEAN NOT NULL DEFAULT 0',
];
