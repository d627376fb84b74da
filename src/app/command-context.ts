import 'reflect-metadata';
import type { INestApplicationContext } from '@nestjs/common';
import type { Config } from './config.js';
import type { Stores } from '../ports/stores.js';
import { openStores } from './open-stores.js';

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

/** Opens the stores alone, without a model, and closes them after the work. */
export async function withStores<Result>(config: Config, work: (stores: Stores) => Promise<Result>): Promise<Result> {
  const stores = await openStores(config);
  try {
    return await work(stores);
  } finally {
    await stores.close();
  }
}
