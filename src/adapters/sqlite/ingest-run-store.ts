import { randomUUID } from 'node:crypto';
import {
  leftOutCodes,
  type IngestCounts,
  type IngestFault,
  type IngestRun,
  type IngestState,
} from '../../domain/ingest-run.js';
import { toPage, type SeqPage } from '../../domain/page.js';
import { IngestRunStore } from '../../ports/ingest-run-store.js';
import type { Database } from './database.js';

type RunRow = Omit<IngestRun, 'startedAt' | 'endedAt'> & {
  readonly seq: number;
  readonly startedAt: number;
  readonly endedAt: number | null;
};

const leftOutCodeList = Object.values(leftOutCodes)
  .map((code) => `'${code}'`)
  .join(', ');

// Row numbers grow: what comes later has a higher one.
const selectRun = `SELECT rowid AS seq, id, source, state, read, added, updated, unchanged, rejected,
  started_at AS startedAt, ended_at AS endedAt,
  (SELECT count(*) FROM ingest_fault WHERE run_id = ingest_run.id AND code IN (${leftOutCodeList})) AS leftOut
  FROM ingest_run`;

export class SqliteIngestRunStore extends IngestRunStore {
  constructor(private readonly database: Database) {
    super();
  }

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

  async isDone(source: string): Promise<boolean> {
    const rows = await this.database.reader.query<object[]>(
      `SELECT 1 FROM ingest_run WHERE source = ? AND state = 'DONE' LIMIT 1`,
      [source],
    );
    return rows.length > 0;
  }

  async isOnlyRunAndIncomplete(source: string): Promise<boolean> {
    const rows = await this.database.reader.query<{ source: string; state: IngestState }[]>(
      'SELECT DISTINCT source, state FROM ingest_run',
    );
    return rows.length > 0 && rows.every((run) => run.source === source && run.state !== 'DONE');
  }

  async page(after: number, first: number): Promise<SeqPage<IngestRun>> {
    const rows = await this.database.reader.query<RunRow[]>(
      `${selectRun} WHERE ? = 0 OR rowid < ? ORDER BY rowid DESC LIMIT ?`,
      [after, after, first + 1],
    );
    return toPage(
      rows.map((row) => ({ seq: row.seq, ...toRun(row) })),
      first,
    );
  }

  async find(id: string): Promise<IngestRun | null> {
    const [row] = await this.database.reader.query<RunRow[]>(`${selectRun} WHERE id = ?`, [id]);
    return row === undefined ? null : toRun(row);
  }

  async faults(id: string, after: number, first: number): Promise<SeqPage<IngestFault>> {
    const rows = await this.database.reader.query<(IngestFault & { readonly seq: number })[]>(
      `SELECT id AS seq, source_key AS sourceKey, code, message FROM ingest_fault
       WHERE run_id = ? AND id > ? ORDER BY id LIMIT ?`,
      [id, after, first + 1],
    );
    return toPage(rows, first);
  }
}

function toRun({ startedAt, endedAt, ...row }: RunRow): IngestRun {
  const { id, source, state, read, added, updated, unchanged, rejected, leftOut } = row;
  const counts = { read, added, updated, unchanged, rejected, leftOut };
  return {
    id,
    source,
    state,
    ...counts,
    startedAt: new Date(startedAt),
    endedAt: endedAt === null ? null : new Date(endedAt),
  };
}
