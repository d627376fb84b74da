import { accessSync, constants, existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import sqlite3 from 'sqlite3';
import { DataSource, type QueryRunner } from 'typeorm';
import { FigseekError, messageOf } from '../../domain/errors.js';
import { namedStorageFault } from '../../domain/storage-fault.js';
import { busyTimeoutMs, explainDatabaseError } from './database-errors.js';
import { ensureDerivedData, isDerivedDataCurrent } from './derived-data.js';
import { FileIdentity } from './file-identity.js';
import { migrations } from './migrations.js';
import { PreparedReads, type PreparingConnection } from './prepared-reads.js';

const fileName = 'figseek.db';

/** The connections to one file. */
interface Connections {
  readonly reader: DataSource;
  readonly scanner: DataSource;
  readonly searcher: DataSource;
  readonly writer: DataSource;
}

/**
 * The SQLite file that is the truth. Several connections: TypeORM's sqlite3 driver has one connection a DataSource, so a
 * read on the writer's would see the middle of a transaction; in WAL mode the reader sees only what is committed.
 */
export class Database {
  readonly reader: DataSource;
  /** For queries over many rows: a connection answers one after the other, and a page must not wait for them. */
  readonly scanner: DataSource;
  /**
   * What every search asks, on a connection of its own: where TypeORM finalizes a statement, the main thread waits for the
   * statement that runs on that connection.
   */
  readonly prepared: PreparedReads;
  private readonly searcher: DataSource;
  private readonly writer: DataSource;
  private lastWrite: Promise<unknown> = Promise.resolve();

  private constructor(
    { reader, scanner, searcher, writer }: Connections,
    /** Made with the file; index folders carry it, so that an index can never be taken for another database's. */
    readonly id: string,
    /** The path of the file. */
    readonly file: string,
    private readonly identity: FileIdentity,
  ) {
    this.reader = reader;
    this.searcher = searcher;
    this.prepared = new PreparedReads(connectionOf(searcher));
    this.scanner = scanner;
    this.writer = writer;
  }

  /** Whether there is one already, for callers that must not create one. */
  static exists(dataDir: string): boolean {
    return existsSync(path.join(dataDir, fileName));
  }

  /** Opens (or makes) `DIR/figseek.db` and brings it to the newest migration; other processes wait at the lock. */
  static async open(dataDir: string): Promise<Database> {
    makeFolder(dataDir);
    const file = path.join(dataDir, fileName);
    expectNoOrphan(file);
    try {
      return await Database.openFile(file);
    } catch (error) {
      throw explainDatabaseError(error, file);
    }
  }

  private static async openFile(file: string): Promise<Database> {
    const writer = await connect(file);
    try {
      await migrate(writer);
      const reader = await connect(file);
      const [property] = await reader.query<{ value: string }[]>(`SELECT value FROM property WHERE name='database_id'`);
      const scanner = await connect(file);
      // Its small indexes of words are temporary. A later change would delete those that are there.
      await scanner.query('PRAGMA temp_store = MEMORY');
      const connections = { reader, scanner, searcher: await connect(file), writer };
      return new Database(connections, property?.value ?? '', file, await FileIdentity.of(file));
    } catch (error) {
      await writer.destroy();
      throw error;
    }
  }

  /** Runs `work` in one transaction; writes of this process queue up, those of others wait for `busy_timeout`. */
  write<Result>(work: (runner: QueryRunner) => Promise<Result>): Promise<Result> {
    const result = this.lastWrite.then(() => this.transact(work));
    this.lastWrite = result.catch(() => undefined);
    return result;
  }

  /** @throws {FigseekError} DATABASE_UNAVAILABLE where the file was removed or moved under this process */
  checkPresent(): Promise<void> {
    return this.identity.check();
  }

  async close(): Promise<void> {
    await this.lastWrite;
    await this.prepared.close();
    await this.searcher.destroy();
    await this.reader.destroy();
    await this.scanner.destroy();
    await this.writer.destroy();
  }

  private async transact<Result>(work: (runner: QueryRunner) => Promise<Result>): Promise<Result> {
    await this.checkPresent();
    const runner = this.writer.createQueryRunner();
    try {
      const result = await immediately(runner, () => work(runner));
      // What was written to a file that is gone meanwhile is not kept.
      await this.checkPresent();
      return result;
    } catch (error) {
      throw explainDatabaseError(namedStorageFault(error, this.file), this.file);
    } finally {
      await runner.release();
    }
  }
}

/**
 * SQLite keeps the latest writes in a file beside the database. A new database there would destroy them, and with them what
 * a server that goes on has promised to keep.
 */
function expectNoOrphan(file: string): void {
  const log = `${file}-wal`;
  if (existsSync(file) || !existsSync(log)) return;
  throw new FigseekError(
    'DATABASE_UNAVAILABLE',
    `Expected ${file} beside ${log}, which holds its latest writes, but it is not there: put it back; where it is lost, delete ${log} to begin anew`,
  );
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK);
  } catch (cause) {
    throw new FigseekError('BAD_USER_INPUT', `The data folder cannot be used: ${messageOf(cause)}`, { cause });
  }
}

/** The connection of the sqlite3 package that TypeORM holds; it has no type for it. */
interface Sqlite3 extends PreparingConnection {
  serialize(): void;
}

function connectionOf(source: DataSource): Sqlite3 {
  return (source.driver as unknown as { readonly databaseConnection: Sqlite3 }).databaseConnection;
}

/** TypeORM asks for the traces of every statement, which cost an eighth of a lookup's time. */
const driver = { ...sqlite3, verbose: () => sqlite3 };

async function connect(file: string): Promise<DataSource> {
  const source = new DataSource({ type: 'sqlite', driver, database: file, migrations, synchronize: false });
  await source.initialize();
  // A statement is finalized on the main thread, under the connection's lock: while another one runs on the same
  // connection, that would hold up every request until it is done. So one after the other.
  connectionOf(source).serialize();
  // page_size counts only before the first table: 2 KiB vectors waste half of a 4 KiB page.
  for (const pragma of [
    `busy_timeout = ${busyTimeoutMs}`,
    'page_size = 16384',
    'journal_mode = WAL',
    'synchronous = FULL',
    'foreign_keys = ON',
  ]) {
    await source.query(`PRAGMA ${pragma}`);
  }
  return source;
}

/**
 * The write lock is taken before the list of pending migrations is read: two processes never run one twice. Foreign keys
 * are off meanwhile: a migration that makes a table anew would delete what refers to it.
 */
async function migrate(source: DataSource): Promise<void> {
  const runner = source.createQueryRunner();
  try {
    // A process that only reads does not wait for a long write of another one.
    if (await isUpToDate(runner)) return;
    await runner.query('PRAGMA foreign_keys = OFF');
    await immediately(runner, async () => {
      await source.runMigrations({ transaction: 'none' });
      await ensureDerivedData(runner);
    });
    await runner.query('PRAGMA foreign_keys = ON');
  } finally {
    await runner.release();
  }
}

async function isUpToDate(runner: QueryRunner): Promise<boolean> {
  const tables = (await runner.query(`SELECT 1 FROM sqlite_schema WHERE name = 'migrations'`)) as object[];
  if (tables.length === 0) return false;
  const done = (await runner.query('SELECT name FROM migrations')) as { name: string }[];
  const names = new Set(done.map(({ name }) => name));
  const unknown = done.find(({ name }) => !migrations.some((migration) => migration.name === name));
  if (unknown !== undefined) {
    throw new FigseekError(
      'DATABASE_UNAVAILABLE',
      `Expected a database of this version of figseek or an older one, but a newer one has changed it (${unknown.name}): use that version`,
    );
  }
  return migrations.every(({ name }) => names.has(name)) && (await isDerivedDataCurrent(runner));
}

// IMMEDIATE: a deferred transaction that later wants to write fails at once with SQLITE_BUSY, without waiting.
async function immediately<Result>(runner: QueryRunner, work: () => Promise<Result>): Promise<Result> {
  await runner.query('BEGIN IMMEDIATE');
  try {
    const result = await work();
    await runner.query('COMMIT');
    return result;
  } catch (error) {
    await runner.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}
