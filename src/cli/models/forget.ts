import { rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { Command } from 'commander';
import { loadConfig, type Config } from '../../app/config.js';
import { activeModelName } from '../../app/container.js';
import { FigseekError, messageOf } from '../../domain/errors.js';
import { spaceFolder } from '../../app/model-runtime.js';
import { isAlive } from '../../platform/is-alive.js';
import { ModelRegistry } from '../../model-packages/package-registry.js';
import { Database } from '../../adapters/sqlite/database.js';
import { EmbeddingReader } from '../../adapters/sqlite/embedding-reader.js';
import { FigureWriter } from '../../adapters/sqlite/figure-writer.js';
import { SettingsRepository, type Lease } from '../../adapters/sqlite/settings.repository.js';
import { expectCorpus, withDatabase } from '../context.js';
import { printLine } from '../output.js';
import { advice } from '../../app/advice.js';

/** `figseek models forget`: which vectors are kept. */
export function modelsForgetCommand(): Command {
  return new Command('forget')
    .description('deletes the vectors and indexes that a package made; the package itself stays')
    .argument('[name]')
    .option('--unused', 'those of all packages that are gone or were replaced')
    .action(async (name: string | undefined, _options, self: Command) => {
      const { data, unused } = self.optsWithGlobals<{ data?: string; unused?: boolean }>();
      const config = loadConfig({ data });
      expectCorpus(config);
      if (name !== undefined && unused !== true)
        await withDatabase(config, (database) => forget(config, database, name));
      else if (name === undefined && unused === true) {
        await withDatabase(config, (database) => forgetUnused(config, database));
      } else {
        const came = name === undefined ? 'neither' : 'both';
        throw new FigseekError('BAD_USER_INPUT', `Expected the name of a package or --unused but received ${came}`);
      }
    });
}

async function forget(config: Config, database: Database, name: string): Promise<void> {
  const { version } = await new ModelRegistry(config.models).dualEncoder(name).catch((error: unknown) => {
    const fix = `“${advice('models forget --unused', config.data)}” forgets what is of no package`;
    throw new FigseekError('MODEL_UNAVAILABLE', `${messageOf(error)}; ${fix}`);
  });
  const reason = (await inUse(config, database)).get(version);
  if (reason !== undefined) throw new FigseekError('CONFLICT', `${name} was not forgotten: ${reason}`);
  const vectors = await forgetVersion(config, database, version);
  printLine(
    `${name}: ${vectors} vectors forgotten; “${advice(`models use ${name}`, config.data)}” would make them again`,
  );
}

async function forgetUnused(config: Config, database: Database): Promise<void> {
  const packages = await new ModelRegistry(config.models).list();
  const active = await activeModelName(config, new SettingsRepository(database));
  // Else a folder that is named by mistake would make all of them unused.
  if (!packages.some(({ name }) => name === active)) {
    const fix = `is FIGSEEK_MODELS the folder of your packages? Else “${advice('models use NAME', config.data)}” takes one that is there`;
    throw new FigseekError(
      'CONFLICT',
      `Nothing was forgotten: ${config.models} lacks ${active}, which is active (${fix})`,
    );
  }
  const kept = new Set(packages.map(({ version }) => version));
  for (const version of (await inUse(config, database)).keys()) kept.add(version);
  const unused = (await new EmbeddingReader(database).spaces()).filter((version) => !kept.has(version));
  for (const version of unused) {
    printLine(`${version.slice(0, 16)}: ${await forgetVersion(config, database, version)} vectors forgotten`);
  }
  if (unused.length === 0) printLine('Every vector is of a package that is there');
}

/** Of processes on other machines, only time tells. */
function isGone({ host, pid }: Lease): boolean {
  return host === hostname() && !isAlive(pid);
}

/** @returns why the vectors of a version stay; packages of one version share them, whatever their names */
async function inUse(config: Config, database: Database): Promise<ReadonlyMap<string, string>> {
  const properties = new SettingsRepository(database);
  const registry = new ModelRegistry(config.models);
  const reasons = new Map<string, string>();
  for (const version of await properties.activeLeases(isGone)) {
    const fix = `a server follows “${advice('models use NAME', config.data)}” within seconds; else end it`;
    const who =
      'a running server or “models use” needs its vectors, or one on another machine that was killed within the last minute';
    reasons.set(version, `${who} (${fix})`);
  }
  for (const active of [
    await activeModelName({ ...config, model: null }, properties),
    await activeModelName(config, properties),
  ]) {
    const manifest = await registry.manifest(active).catch(() => null);
    if (manifest === null) continue;
    reasons.set(
      manifest.version,
      `${active} is active; “${advice('models use NAME', config.data)}” takes another one first`,
    );
  }
  return reasons;
}

async function forgetVersion(config: Config, database: Database, version: string): Promise<number> {
  const vectors = await new FigureWriter(database).deleteEmbeddings(version);
  await rm(spaceFolder(config, database.id, version), { recursive: true, force: true });
  return vectors;
}
