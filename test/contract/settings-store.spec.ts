import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Database } from '../../src/adapters/sqlite/database.js';
import { SqliteSettingsStore } from '../../src/adapters/sqlite/settings-store.js';
import type { Lease, SettingsStore } from '../../src/ports/settings-store.js';
import { MemorySettingsStore } from '../support/memory-settings-store.js';

interface Opened {
  readonly store: SettingsStore;
  close(): Promise<void>;
}

async function sqlite(): Promise<Opened> {
  const database = await Database.open(mkdtempSync(path.join(tmpdir(), 'settings-')));
  return { store: new SqliteSettingsStore(database), close: () => database.close() };
}

const lease = (version: string, change: Partial<Lease> = {}): Lease => ({
  ...{ version, host: 'here', pid: 1, at: Date.now() },
  ...change,
});
const isThere = () => false;

describe.each<[string, () => Promise<Opened>]>([
  ['SQLite', sqlite],
  ['memory', () => Promise.resolve({ store: new MemorySettingsStore(), close: () => Promise.resolve() })],
])('a settings store in %s', (_where, open) => {
  let opened: Opened;

  beforeAll(async () => {
    opened = await open();
  });

  afterAll(async () => {
    await opened.close();
  });

  it('keeps a setting, and replaces it', async () => {
    const { store } = opened;
    expect(await store.get('active_model')).toBeNull();
    await store.set('active_model', 'one');
    await store.set('active_model', 'two');
    expect(await store.get('active_model')).toBe('two');
  });

  it('names the versions of processes that hold a lease, until they release it', async () => {
    const { store } = opened;
    await store.renewLease('a', lease('v1'));
    await store.renewLease('b', lease('v2'));
    await store.renewLease('a', lease('v3'));
    expect(await store.activeLeases(isThere)).toEqual(new Set(['v2', 'v3']));
    for (const server of ['a', 'b', 'never']) await store.releaseLease(server);
    expect(await store.activeLeases(isThere)).toEqual(new Set());
    expect(await store.get('active_model')).toBe('two');
  });

  it('drops leases of processes that are gone, and those that were not renewed for a minute', async () => {
    const { store } = opened;
    await store.renewLease('killed', lease('v1', { pid: 2 }));
    await store.renewLease('silent', lease('v2', { at: Date.now() - 61_000 }));
    await store.renewLease('alive', lease('v3'));
    expect(await store.activeLeases(({ pid }) => pid === 2)).toEqual(new Set(['v3']));
    expect(await store.activeLeases(isThere)).toEqual(new Set(['v3']));
  });
});
