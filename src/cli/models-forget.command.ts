import { rm } from 'node:fs/promises';
import { Command } from 'commander';
import { loadConfig, type Config } from '../config/config.js';
import { activeModelName } from '../core.module.js';
import { FigseekError } from '../domain/errors.js';
import { spaceFolder } from '../model-stack.js';
import { ModelRegistry } from '../models/registry.js';
import { Database } from '../store/database.js';
import { EmbeddingReader } from '../store/repositories/embedding-reader.js';
import { FigureWriter } from '../store/repositories/figure-writer.js';
import { PropertyRepository } from '../store/repositories/property.repository.js';
import { printLine } from './output.js';

/** `figseek models forget`: which vectors are kept. */
export function modelsForgetCommand(): Command {
  return new Command('forget')
    .description('deletes the vectors and indexes that a package made; the package itself stays')
    .argument('[name]')
    .option('--unused', 'those of all packages that are gone or were replaced')
    .action(async (name: string | undefined, _options, self: Command) => {
      const { data, unused } = self.optsWithGlobals<{ data?: string; unused?: boolean }>();
      const config = loadConfig({ data });
      if (name !== undefined && unused !== true)
        await withDatabase(config, (database) => forget(config, database, name));
      else if (name === undefined && unused === true) {
        await withDatabase(config, (database) => forgetUnused(config, database));
      } else throw new FigseekError('BAD_USER_INPUT', 'Expected the name of a package, or --unused');
    });
}

async function withDatabase(config: Config, work: (database: Database) => Promise<void>): Promise<void> {
  const database = await Database.open(config.data);
  try {
    await work(database);
  } finally {
    await database.close();
  }
}

async function forget(config: Config, database: Database, name: string): Promise<void> {
  const { version } = await new ModelRegistry(config.models).manifest(name);
  const reason = (await inUse(config, database)).get(version);
  if (reason !== undefined) throw new FigseekError('CONFLICT', `${name} was not forgotten: ${reason}`);
  const vectors = await forgetVersion(config, database, version);
  printLine(`${name}: ${vectors} vectors forgotten; “figseek models use ${name}” would make them again`);
}

async function forgetUnused(config: Config, database: Database): Promise<void> {
  const kept = new Set((await new ModelRegistry(config.models).list()).map(({ version }) => version));
  for (const version of (await inUse(config, database)).keys()) kept.add(version);
  const unused = (await new EmbeddingReader(database).spaces()).filter((version) => !kept.has(version));
  for (const version of unused) {
    printLine(`${version.slice(0, 16)}: ${await forgetVersion(config, database, version)} vectors forgotten`);
  }
  if (unused.length === 0) printLine('Every vector is of a package that is there');
}

/** @returns why the vectors of a version stay; packages of one version share them, whatever their names */
async function inUse(config: Config, database: Database): Promise<ReadonlyMap<string, string>> {
  const properties = new PropertyRepository(database);
  const registry = new ModelRegistry(config.models);
  const reasons = new Map<string, string>();
  for (const version of await properties.served()) {
    const mend = 'one that follows “figseek models use” does so within seconds; else end it';
    reasons.set(
      version,
      `a running server serves its vectors, or one that was killed within the last minute (${mend})`,
    );
  }
  for (const active of [
    await activeModelName({ ...config, model: null }, properties),
    await activeModelName(config, properties),
  ]) {
    const manifest = await registry.manifest(active).catch(() => null);
    if (manifest === null) continue;
    reasons.set(manifest.version, `${active} is active; “figseek models use” another one first`);
  }
  return reasons;
}

async function forgetVersion(config: Config, database: Database, version: string): Promise<number> {
  const vectors = await new FigureWriter(database).forgetSpace(version);
  await rm(spaceFolder(config, database.id, version), { recursive: true, force: true });
  return vectors;
}
