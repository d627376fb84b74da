import { SettingsStore, type Lease, type SettingName } from '../../ports/settings-store.js';
import type { Database } from './database.js';

const serving = 'serving ';
/** A note that is older was left by a process that was killed. */
const servingMs = 60_000;

/** Facts about this database that outlive a process. */
export class SqliteSettingsStore extends SettingsStore {
  constructor(private readonly database: Database) {
    super();
  }

  async get(name: SettingName): Promise<string | null> {
    const rows = await this.database.reader.query<{ value: string }[]>('SELECT value FROM property WHERE name = ?', [
      name,
    ]);
    return rows[0]?.value ?? null;
  }

  async set(name: SettingName, value: string): Promise<void> {
    await this.write(name, value);
  }

  /** @param server a name of its own */
  async renewLease(server: string, note: Lease): Promise<void> {
    await this.write(serving + server, JSON.stringify(note));
  }

  async releaseLease(server: string): Promise<void> {
    await this.database.write((runner) => runner.query('DELETE FROM property WHERE name = ?', [serving + server]));
  }

  /**
   * Versions whose vectors are needed now; notes of processes that were killed are deleted.
   * @param isGone whether a process is known to be gone
   */
  async activeLeases(isGone: (serving: Lease) => boolean): Promise<ReadonlySet<string>> {
    const rows = await this.database.reader.query<{ name: string; value: string }[]>(
      'SELECT name, value FROM property WHERE name LIKE ?',
      [`${serving}%`],
    );
    const notes = rows.map(({ name, value }) => ({ name, ...(JSON.parse(value) as Lease) }));
    const isFresh = (note: Lease) => Date.now() - note.at < servingMs && !isGone(note);
    for (const note of notes) if (!isFresh(note)) await this.releaseLease(note.name.slice(serving.length));
    return new Set(notes.filter(isFresh).map(({ version }) => version));
  }

  private async write(name: string, value: string): Promise<void> {
    await this.database.write((runner) =>
      runner.query(`INSERT INTO property VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value`, [
        name,
        value,
      ]),
    );
  }
}
