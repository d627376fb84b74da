import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Database } from '../../src/adapters/sqlite/database.js';
import { SqliteStores } from '../../src/adapters/sqlite/sqlite-stores.js';
import type { Stores } from '../../src/ports/stores.js';
import { MemoryCorpus } from './memory-corpus.js';

/** The stores of a corpus that contract specs run on. */
export interface OpenedCorpus {
  readonly stores: Omit<
    Stores,
    | 'keywords'
    | 'pictures'
    | 'decisions'
    | 'detections'
    | 'settings'
    | 'vectors'
    | 'id'
    | 'file'
    | 'checkPresent'
    | 'close'
  >;
  /** Makes a run one whose process is gone. */
  readonly loseRun: (id: string) => Promise<void>;
  readonly close: () => Promise<void>;
}

async function openSqlite(): Promise<OpenedCorpus> {
  const database = await Database.open(mkdtempSync(path.join(tmpdir(), 'corpus-')));
  // No process has a number as high as this one.
  const sql = 'UPDATE ingest_run SET process_id = 2147483646 WHERE id = ?';
  const loseRun = (id: string) =>
    database.write(async (runner) => {
      await runner.query(sql, [id]);
    });
  return { stores: new SqliteStores(database), loseRun, close: () => database.close() };
}

function openMemory(): Promise<OpenedCorpus> {
  const stores = new MemoryCorpus();
  return Promise.resolve({ stores, loseRun: (id) => stores.runs.lose(id), close: () => Promise.resolve() });
}

/** Each implementation with its name; every call opens an empty corpus. */
export const corpora: readonly [string, () => Promise<OpenedCorpus>][] = [
  ['SQLite', openSqlite],
  ['memory', openMemory],
];
