import { Database } from '../adapters/sqlite/database.js';
import { SqliteStores } from '../adapters/sqlite/sqlite-stores.js';
import { FigseekError } from '../domain/errors.js';
import type { Stores } from '../ports/stores.js';
import { advice } from './advice.js';
import type { Config } from './config.js';

/*
 * Which engine keeps the corpus: the one file that names it. Another engine is another class of `Stores`, chosen here.
 */

/** Opens the corpus of the data folder, or makes an empty one; to be closed. */
export async function openStores({ data }: Pick<Config, 'data'>): Promise<Stores> {
  return new SqliteStores(await Database.open(data));
}

/** Whether there is a corpus already, for callers that must not create one. */
export function hasCorpus({ data }: Pick<Config, 'data'>): boolean {
  return Database.exists(data);
}

/** For commands that only look: to look makes no database. @throws {FigseekError} BAD_USER_INPUT where there is none */
export function expectCorpus(config: Pick<Config, 'data'>): void {
  if (hasCorpus(config)) return;
  const { data } = config;
  const made = `${advice('ingest FOLDER', data)} makes one`;
  throw new FigseekError('BAD_USER_INPUT', `Expected a folder with a corpus but ${data} holds no figseek.db; ${made}`);
}
