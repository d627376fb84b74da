import type { Database } from '../database.js';

type PropertyName = 'active_model';

/** What a running server says of itself. */
interface Serving {
  /** Of the model package. */
  readonly version: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

const serving = 'serving ';
/** A note that is older was left by a server that was killed. */
const servingMs = 60_000;

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
    await this.write(name, value);
  }

  /** @param server a name of its own */
  async noteServing(server: string, note: Serving): Promise<void> {
    await this.write(serving + server, JSON.stringify(note));
  }

  async endServing(server: string): Promise<void> {
    await this.database.write((runner) => runner.query('DELETE FROM property WHERE name = ?', [serving + server]));
  }

  /** Versions that running servers serve; notes of servers that were killed are deleted. */
  async served(): Promise<ReadonlySet<string>> {
    const rows = await this.database.reader.query<{ name: string; value: string }[]>(
      'SELECT name, value FROM property WHERE name LIKE ?',
      [`${serving}%`],
    );
    const notes = rows.map(({ name, value }) => ({ name, ...(JSON.parse(value) as Serving) }));
    const isFresh = ({ at }: Serving) => Date.now() - at < servingMs;
    for (const note of notes) if (!isFresh(note)) await this.endServing(note.name.slice(serving.length));
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
