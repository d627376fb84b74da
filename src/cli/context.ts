import 'reflect-metadata';
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { Config } from '../config/config.js';
import { CoreModule } from '../core.module.js';
import { Database } from '../store/database.js';

/** Runs `work` over the same modules as the server, without HTTP, and closes them whatever happens. */
export async function withCore<Result>(
  config: Config,
  work: (core: INestApplicationContext) => Promise<Result>,
): Promise<Result> {
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
