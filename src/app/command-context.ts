import 'reflect-metadata';
import type { INestApplicationContext } from '@nestjs/common';
import { advice } from './advice.js';
import type { Config } from './config.js';
import { FigseekError } from '../domain/errors.js';
import { Database } from '../adapters/sqlite/database.js';

/** Runs `work` over the same modules as the server, without HTTP, and closes them whatever happens. */
export async function withApp<Result>(
  config: Config,
  work: (core: INestApplicationContext) => Promise<Result>,
): Promise<Result> {
  // Loaded here: many commands do without.
  const [{ NestFactory }, { CoreModule }] = await Promise.all([import('@nestjs/core'), import('./container.js')]);
  const core = await NestFactory.createApplicationContext(CoreModule.for(config), {
    // Nest would print each error of the start with its stack; the command line says it once, in a sentence.
    logger: false,
    abortOnError: false,
  });
  try {
    return await work(core);
  } finally {
    await core.close();
  }
}

/** For commands that only look: to look makes no database. @throws {FigseekError} BAD_USER_INPUT where there is none */
export function expectCorpus({ data }: Config): void {
  if (Database.exists(data)) return;
  const made = `${advice('ingest FOLDER', data)} makes one`;
  throw new FigseekError('BAD_USER_INPUT', `Expected a folder with a corpus but ${data} holds no figseek.db; ${made}`);
}

/** Opens the database alone, without a model, and closes it after the work. */
export async function withDatabase<Result>(
  config: Config,
  work: (database: Database) => Promise<Result>,
): Promise<Result> {
  const database = await Database.open(config.data);
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}
