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
    'keywords' | 'pictures' | 'detections' | 'settings' | 'vectors' | 'id' | 'file' | 'checkPresent' | 'close'
  >;
  readonly close: () => Promise<void>;
}

async function openSqlite(): Promise<OpenedCorpus> {
  const database = await Database.open(mkdtempSync(path.join(tmpdir(), 'corpus-')));
  return { stores: new SqliteStores(database), close: () => database.close() };
}

function openMemory(): Promise<OpenedCorpus> {
  return Promise.resolve({ stores: new MemoryCorpus(), close: () => Promise.resolve() });
}

/** Each implementation with its name; every call opens an empty corpus. */
export const corpora: readonly [string, () => Promise<OpenedCorpus>][] = [
  ['SQLite', openSqlite],
  ['memory', openMemory],
];
