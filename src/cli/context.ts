import 'reflect-metadata';
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { Config } from '../config/config.js';
import { CoreModule } from '../core.module.js';

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
