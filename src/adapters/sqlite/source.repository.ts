import path from 'node:path';
import { FigseekError } from '../../domain/errors.js';
import type { Database } from './database.js';

/** Where records come from: their keys tell them apart within it. */
export interface RecordSource {
  readonly name: string;
  /** Whether a person gave the name; else it comes from the input's path. */
  readonly isNamed: boolean;
  /** Whether it was read before records belonged to sources: figures without a source may be its. */
  readonly isOlderThanSources: boolean;
}

const maxNameLength = 100;

/** Names the sources of records, and keeps the names. */
export class SourceRepository {
  constructor(private readonly database: Database) {}

  /**
   * The source of an input: the one that is named, else the one that the input had before, else a new one with the name of
   * the input's file or folder.
   * @param input what is read: a path, or a fixed text
   * @throws {FigseekError} BAD_USER_INPUT for a name that cannot be one
   */
  resolve(input: string, name: string | null): Promise<RecordSource> {
    return this.database.write(async (runner) => {
      const source = await describe((sql, values) => runner.query(sql, values), input, name);
      await runner.query(
        `INSERT INTO source (name, input, created_at) VALUES (?, ?, ?)
         ON CONFLICT (name) DO UPDATE SET input = excluded.input`,
        [source.name, input, Date.now()],
      );
      return source;
    });
  }

  /** What a named source reads; null where no source has this name. */
  async inputOf(name: string): Promise<string | null> {
    const rows = await this.database.reader.query<{ input: string }[]>('SELECT input FROM source WHERE name = ?', [
      name,
    ]);
    return rows[0]?.input ?? null;
  }

  /** The same without writing, for a run that stores nothing. */
  preview(input: string, name: string | null): Promise<RecordSource> {
    return describe((sql, values) => this.database.reader.query(sql, values), input, name);
  }
}

/** Asks a connection, or the transaction of one. */
type Ask = (sql: string, values: string[]) => Promise<unknown>;

async function describe(ask: Ask, input: string, name: string | null): Promise<RecordSource> {
  if (name !== null) validateSourceName(name);
  const chosen = name ?? (await nameOfInput(ask, input)) ?? (await freeName(ask, input));
  const [row] = (await ask('SELECT is_older_than_sources AS isOlder FROM source WHERE name = ?', [chosen])) as {
    isOlder: number;
  }[];
  return { name: chosen, isNamed: name !== null, isOlderThanSources: row?.isOlder === 1 };
}

function validateSourceName(name: string): void {
  if (name.trim() === name && name.length > 0 && name.length <= maxNameLength && !/\p{C}/u.test(name)) return;
  throw new FigseekError(
    'BAD_USER_INPUT',
    `Expected the name of a source, 1 to ${maxNameLength} characters without control characters and blanks around it, but received ${JSON.stringify(name.slice(0, 120))}`,
  );
}

async function nameOfInput(ask: Ask, input: string): Promise<string | null> {
  const [row] = (await ask('SELECT name FROM source WHERE input = ? ORDER BY created_at LIMIT 1', [input])) as {
    name: string;
  }[];
  return row?.name ?? null;
}

/** The name of the file or folder, with a number where another input has it. */
async function freeName(ask: Ask, input: string): Promise<string> {
  const base =
    path
      .parse(input)
      .name.replace(/\p{C}/gu, '')
      .trim()
      .slice(0, maxNameLength - 6) || 'source';
  for (let number = 1; ; number++) {
    const name = number === 1 ? base : `${base}-${number}`;
    const taken = (await ask('SELECT 1 FROM source WHERE name = ?', [name])) as object[];
    if (taken.length === 0) return name;
  }
}
