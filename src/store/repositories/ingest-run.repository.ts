import { randomUUID } from 'node:crypto';
import type { Database } from '../database.js';

export type IngestState = 'RUNNING' | 'DONE' | 'FAILED' | 'CANCELLED';

export interface IngestCounts {
  readonly read: number;
  readonly added: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly rejected: number;
}

/** A record that was not taken, and why. */
export interface IngestFault {
  readonly sourceKey: string;
  readonly code: string;
  readonly message: string;
}

/** Keeps what each ingest did; a run that a crash left RUNNING is closed as FAILED by the next one of its source. */
export class IngestRunRepository {
  constructor(private readonly database: Database) {}

  async begin(source: string): Promise<string> {
    const id = `run_${randomUUID()}`;
    await this.database.write(async (runner) => {
      await runner.query(
        `UPDATE ingest_run SET state = 'FAILED', ended_at = ? WHERE source = ? AND state = 'RUNNING'`,
        [Date.now(), source],
      );
      await runner.query(
        `INSERT INTO ingest_run (id, source, state, read, added, updated, unchanged, rejected, started_at)
         VALUES (?, ?, 'RUNNING', 0, 0, 0, 0, 0, ?)`,
        [id, source, Date.now()],
      );
    });
    return id;
  }

  async record(id: string, state: IngestState, counts: IngestCounts, faults: readonly IngestFault[]): Promise<void> {
    await this.database.write(async (runner) => {
      for (const fault of faults) {
        await runner.query(`INSERT INTO ingest_fault (run_id, source_key, code, message) VALUES (?, ?, ?, ?)`, [
          id,
          fault.sourceKey,
          fault.code,
          fault.message,
        ]);
      }
      await runner.query(
        `UPDATE ingest_run SET state = ?, read = ?, added = ?, updated = ?, unchanged = ?, rejected = ?, ended_at = ?
         WHERE id = ?`,
        [
          state,
          counts.read,
          counts.added,
          counts.updated,
          counts.unchanged,
          counts.rejected,
          state === 'RUNNING' ? null : Date.now(),
          id,
        ],
      );
    });
  }

  /** True when nothing but `source` was ever taken in, and no run of it came to its end. */
  async isOnlyAndUnfinished(source: string): Promise<boolean> {
    const rows = await this.database.reader.query<{ source: string; state: IngestState }[]>(
      'SELECT DISTINCT source, state FROM ingest_run',
    );
    return rows.length > 0 && rows.every((run) => run.source === source && run.state !== 'DONE');
  }

  faults(id: string): Promise<readonly IngestFault[]> {
    return this.database.reader.query<IngestFault[]>(
      `SELECT source_key AS sourceKey, code, message FROM ingest_fault WHERE run_id = ? ORDER BY id`,
      [id],
    );
  }
}
