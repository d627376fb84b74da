import { rm } from 'node:fs/promises';
import { Command } from 'commander';
import { loadConfig, type Config } from '../config/config.js';
import { activeModelName } from '../core.module.js';
import { FigseekError } from '../domain/errors.js';
import type { EmbedReport } from '../ingest/embed-missing.js';
import { LiveModel } from '../live-model.js';
import { spaceFolder } from '../model-stack.js';
import { ModelRegistry } from '../models/registry.js';
import { Database } from '../store/database.js';
import { FigureWriter } from '../store/repositories/figure-writer.js';
import { PropertyRepository } from '../store/repositories/property.repository.js';
import { withCore } from './context.js';
import { exitCodes } from './exit.js';
import { printLine } from './output.js';
import { withProgress } from './progress.js';

/** `figseek models use` and `forget`: which model serves, and which vectors are kept. */
export function addUseCommands(models: Command): void {
  models
    .command('use')
    .description(
      'makes a package active: embeds what is stored by it, beside the vectors that are served, then switches; a running server follows within seconds',
    )
    .argument('<name>')
    .action(async (name: string, _options, self: Command) => {
      await use(loadConfig({ data: self.optsWithGlobals<{ data?: string }>().data, model: name }));
    });
  models
    .command('forget')
    .description('deletes the vectors and indexes that a package made; the package itself stays')
    .argument('<name>')
    .action(async (name: string, _options, self: Command) => {
      await forget(loadConfig({ data: self.optsWithGlobals<{ data?: string }>().data }), name);
    });
}

async function use(config: Config): Promise<void> {
  await withCore(config, async (core) => {
    const { model, embedMissing, space } = core.get(LiveModel).current;
    const embed = (): Promise<EmbedReport> =>
      withProgress(`embedding by ${model.name}`, null, (at) => embedMissing.run(at));
    const first = await embed();
    await space.build();
    // What came while the index was built; a server that follows embeds what still comes.
    const second = await embed();
    await core.get(PropertyRepository).set('active_model', model.name);
    printLine(`${model.name} is active (${first.embedded + second.embedded} figures embedded now)`);
    reportFailures(second.failures);
  });
}

async function forget(config: Config, name: string): Promise<void> {
  const { version } = await new ModelRegistry(config.models).manifest(name);
  const database = await Database.open(config.data);
  try {
    const active = await activeModelName(config, new PropertyRepository(database));
    if (active === name) {
      throw new FigseekError('CONFLICT', `${name} is active; “figseek models use” another one before it is forgotten`);
    }
    const vectors = await new FigureWriter(database).forgetSpace(version);
    await rm(spaceFolder(config, database.id, version), { recursive: true, force: true });
    printLine(`${name}: ${vectors} vectors forgotten; “figseek models use ${name}” would make them again`);
  } finally {
    await database.close();
  }
}

const failuresPrinted = 1000;

function reportFailures(failures: EmbedReport['failures']): void {
  if (failures.length === 0) return;
  process.exitCode = exitCodes.someRejected;
  printLine(`${failures.length} figures could not be embedded; mend their images and run this again:`);
  for (const { sourceKey, message } of failures.slice(0, failuresPrinted)) printLine(`  ${sourceKey}: ${message}`);
  if (failures.length > failuresPrinted) printLine(`  … and ${failures.length - failuresPrinted} more`);
}
