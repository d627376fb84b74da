import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import {
  leftOutCodes,
  lostAfterMs,
  lostProcess,
  type IngestFault,
  type IngestRun,
  type IngestState,
} from '../../domain/ingest-run.js';
import { toPage, type SeqPage } from '../../domain/page.js';
import { isAlive } from '../../platform/is-alive.js';
import { IngestRunStore, type RunProgress } from '../../ports/ingest-run-store.js';
import type { Database } from './database.js';

type RunRow = Omit<IngestRun, 'startedAt' | 'endedAt'> & {
  readonly seq: number;
  readonly aliveAt: number | null;
  readonly host: string | null;
  readonly processId: number | null;
  readonly startedAt: number;
  readonly endedAt: number | null;
};

const leftOutCodeList = Object.values(leftOutCodes)
  .map((code) => `'${code}'`)
  .join(', ');

// Row numbers grow: what comes later has a higher one.
const selectRun = `SELECT rowid AS seq, id, source, state, read, added, updated, unchanged, rejected,
  removed, total, alive_at AS aliveAt, started_at AS startedAt, ended_at AS endedAt,
  failure, host, process_id AS processId,
  (SELECT count(*) FROM ingest_fault WHERE run_id = ingest_run.id AND code IN (${leftOutCodeList})) AS leftOut
  FROM ingest_run`;

export class SqliteIngestRunStore extends IngestRunStore {
  constructor(private readonly database: Database) {
    super();
  }

  async begin(source: string, total: number | null = null): Promise<string> {
    const id = `run_${randomUUID()}`;
    await this.database.write(async (runner) => {
      const before = (await runner.query(`${selectRun} WHERE source = ? AND state = 'RUNNING'`, [source])) as RunRow[];
      await runner.query(
        `UPDATE ingest_run SET state = 'FAILED', ended_at = ?, failure = ?
         WHERE id IN (SELECT value FROM json_each(?))`,
        [Date.now(), lostProcess, JSON.stringify(before.filter(isLost).map((run) => run.id))],
      );
      // Those of a run whose process is alive are its own, also where it reads the same source: it may prune by them.
      await runner.query(
        'DELETE FROM ingest_record WHERE run_id IN (SELECT id FROM ingest_run WHERE coalesce(alive_at, 0) < ?)',
        [Date.now() - lostAfterMs],
      );
      await runner.query(
        `INSERT INTO ingest_run (id, source, state, read, added, updated, unchanged, rejected, total, started_at, alive_at,
           host, process_id)
         VALUES (?1, ?2, 'RUNNING', 0, 0, 0, 0, 0, ?3, ?4, ?4, ?5, ?6)`,
        [id, source, total, Date.now(), hostname(), process.pid],
      );
    });
    return id;
  }

  record(id: string, state: IngestState, { counts, faults, keys, failure }: RunProgress) {
    return this.database.write(async (runner) => {
      for (const fault of faults) {
        await runner.query(`INSERT INTO ingest_fault (run_id, source_key, code, message) VALUES (?, ?, ?, ?)`, [
          id,
          fault.sourceKey,
          fault.code,
          fault.message,
        ]);
      }
      await runner.query(
        `INSERT INTO ingest_record (run_id, source_key) SELECT ?, value FROM json_each(?) WHERE true
         ON CONFLICT (run_id, source_key) DO NOTHING`,
        [id, JSON.stringify(keys)],
      );
      await runner.query(
        `UPDATE ingest_run SET state = ?, read = ?, added = ?, updated = ?, unchanged = ?, rejected = ?, removed = ?,
           alive_at = ?, ended_at = ?, failure = ? WHERE id = ?`,
        [
          state,
          counts.read,
          counts.added,
          counts.updated,
          counts.unchanged,
          counts.rejected,
          counts.removed,
          Date.now(),
          state === 'RUNNING' ? null : Date.now(),
          failure ?? null,
          id,
        ],
      );
      if (state !== 'RUNNING') await runner.query('DELETE FROM ingest_record WHERE run_id = ?', [id]);
      const [row] = (await runner.query('SELECT cancel_requested_at AS at FROM ingest_run WHERE id = ?', [id])) as {
        at: number | null;
      }[];
      return { isCancelRequested: row?.at != null };
    });
  }

  async keysRead(id: string, keys: readonly string[]): Promise<ReadonlySet<string>> {
    const known = await this.database.reader.query<{ key: string }[]>(
      `SELECT source_key AS key FROM ingest_record
       WHERE run_id = ? AND source_key IN (SELECT value FROM json_each(?))`,
      [id, JSON.stringify(keys)],
    );
    return new Set(known.map(({ key }) => key));
  }

  async keepAlive(id: string): Promise<void> {
    await this.database.write((runner) =>
      runner.query('UPDATE ingest_run SET alive_at = ? WHERE id = ?', [Date.now(), id]),
    );
  }

  requestCancel(id: string): Promise<boolean> {
    return this.database.write(async (runner) => {
      const [row] = (await runner.query(`${selectRun} WHERE id = ?`, [id])) as RunRow[];
      if (row === undefined || toRun(row).state !== 'RUNNING') return false;
      await runner.query('UPDATE ingest_run SET cancel_requested_at = ? WHERE id = ?', [Date.now(), id]);
      return true;
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

/** Whether the process of a run that did not end is gone. */
function isLost({ aliveAt, startedAt, host, processId }: RunRow): boolean {
  if ((aliveAt ?? startedAt) < Date.now() - lostAfterMs) return true;
  if (host !== hostname() || processId === null) return false;
  // In a container every process may have the same number: a run from before this process is of another one.
  if (processId === process.pid) return startedAt < Date.now() - 1000 * process.uptime();
  return !isAlive(processId);
}

function toRun({ startedAt, endedAt, failure, ...row }: RunRow): IngestRun {
  const { id, source, state, read, added, updated, unchanged, rejected, removed, total, leftOut } = row;
  const isGone = state === 'RUNNING' && isLost({ startedAt, endedAt, failure, ...row });
  return {
    id,
    source,
    state: isGone ? 'FAILED' : state,
    failure: isGone ? lostProcess : failure,
    ...{ read, added, updated, unchanged, rejected, removed, leftOut },
    // A file may hold several records, and sources count some of their files.
    total: total === null ? null : Math.max(total, read),
    startedAt: new Date(startedAt),
    endedAt: endedAt === null ? null : new Date(endedAt),
  };
}
