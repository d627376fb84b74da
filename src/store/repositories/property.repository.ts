import type { Database } from '../database.js';

type PropertyName = 'active_model';

/** Facts about this database that outlive a process. */
export class PropertyRepository {
  constructor(private readonly database: Database) {}

  async get(name: PropertyName): Promise<string | null> {
    const rows = await this.database.reader.query<{ value: string }[]>('SELECT value FROM property WHERE name = ?', [
      name,
    ]);
    return rows[0]?.value ?? null;
  }

  async set(name: PropertyName, value: string): Promise<void> {
    await this.database.write((runner) =>
      runner.query(`INSERT INTO property VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value`, [
        name,
        value,
      ]),
    );
  }
}
