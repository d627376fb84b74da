import type { INestApplicationContext } from '@nestjs/common';
import { Command } from 'commander';
import { loadConfig, type Config } from '../../app/config.js';
import { FigseekError } from '../../domain/errors.js';
import type { BackfillReport } from '../../corpus/embedding-backfill.js';
import { ActiveModel } from '../../app/active-model.js';
import { ModelRegistry } from '../../model-packages/package-registry.js';
import { fp32Variant } from '../../model-packages/package-variants.js';
import { Database } from '../../adapters/sqlite/database.js';
import { EmbeddingReader } from '../../adapters/sqlite/embedding-reader.js';
import { ServerLease } from '../../app/server-lease.js';
import { FigureReader } from '../../adapters/sqlite/figure-reader.js';
import { SettingsRepository } from '../../adapters/sqlite/settings.repository.js';
import { comparePackages, defaultSample, describeComparison, minFigures, minOverlap } from '../compare-packages.js';
import { withApp, withDatabase } from '../context.js';
import { calibrateOnce } from './calibrate.js';
import { exitCodes } from '../exit.js';
import { printLine } from '../output.js';
import { withProgress } from '../progress.js';

/** `figseek models use`: which model serves. */
export function modelsUseCommand(): Command {
  return new Command('use')
    .description(
      'makes a package active: embeds what is stored by it, beside the vectors that are served, then switches; a running server follows within seconds',
    )
    .argument('<name>')
    .option('--force', 'also where a lower precision answers otherwise than fp32 on your figures')
    .action(async (name: string, _options, self: Command) => {
      const { data, force } = self.optsWithGlobals<{ data?: string; force?: boolean }>();
      await use(loadConfig({ data, model: name }), name, force === true);
      const { model } = loadConfig({ data });
      if (model !== null && model !== name) {
        printLine(`FIGSEEK_MODEL says ${model}: what is started with it goes on with that one`);
      }
    });
}

async function use(config: Config, name: string, force: boolean): Promise<void> {
  // Before anything is made for a name that is a slip of the pen.
  const chosen = await new ModelRegistry(config.models).dualEncoder(name);
  // Who goes back to a model goes back at once.
  if (!(await hasEmbeddedAll(config, chosen.version))) await calibrateOnce(config, chosen);
  await withApp(config, async (core) => {
    const { model, embedMissing, space } = core.get(ActiveModel).current;
    // “models forget” leaves what is being made.
    await core.get(ServerLease).acquire();
    const missing = () => core.get(EmbeddingReader).countFiguresMissingEmbedding(model.version);
    // Who goes back to a model was told when its vectors were made.
    if (!force && (await missing()) > 0) await refuseUnlikeFp32(core, config, model.name);
    const embed = async (): Promise<BackfillReport> => {
      const total = await missing();
      if (total === 0) return { embedded: 0, failures: [] };
      return withProgress(`embedding by ${model.name}`, total, (at) =>
        embedMissing.run((done) => {
          at(done);
        }),
      );
    };
    const first = await embed();
    await space.ensureBuilt();
    // What came while the index was built; a server that follows embeds what still comes.
    const second = await embed();
    await core.get(SettingsRepository).set('active_model', model.name);
    printLine(`${model.name} is active (${first.embedded + second.embedded} figures embedded now)`);
    reportFailures(second.failures);
  });
}

async function hasEmbeddedAll(config: Config, version: string): Promise<boolean> {
  if (!Database.exists(config.data)) return false;
  return withDatabase(config, async (database) => {
    const { figures } = await new FigureReader(database).counts();
    return figures > 0 && (await new EmbeddingReader(database).countFiguresMissingEmbedding(version)) === 0;
  });
}

/** @throws {FigseekError} MODEL_UNAVAILABLE where a lower precision gives other answers than fp32 */
async function refuseUnlikeFp32(core: INestApplicationContext, config: Config, name: string): Promise<void> {
  const registry = new ModelRegistry(config.models);
  const manifest = await registry.manifest(name);
  if (manifest.precision === 'fp32' || manifest.kind !== 'dual-encoder') return;
  const reference = await fp32Variant(registry, manifest);
  if (reference === undefined) {
    const told = `${name} is ${manifest.precision}, and no fp32 package of its checkpoint is here to compare it with`;
    // It computes in float32 all the same: only the last digits of its weights differ.
    if (manifest.precision !== 'fp16-weights') {
      const fix = 'pull or import it without --precision as well, or say --force';
      throw new FigseekError('MODEL_UNAVAILABLE', `${name} was not made active. ${told}: ${fix}`);
    }
    printLine(told);
    return;
  }
  const comparison = await comparePackages(core, config, reference.name, defaultSample);
  if (comparison === null) {
    printLine(`Not compared with ${reference.name}: the corpus has fewer than ${minFigures} figures`);
    return;
  }
  const told = describeComparison(name, reference.name, comparison);
  if (comparison.overlap < minOverlap) {
    const expected = `expected ${100 * minOverlap} %; use ${reference.name}, or say --force`;
    throw new FigseekError('MODEL_UNAVAILABLE', `${name} was not made active. ${told}; ${expected}`);
  }
  printLine(told);
}

const failuresPrinted = 1000;

function reportFailures(failures: BackfillReport['failures']): void {
  if (failures.length === 0) return;
  process.exitCode = exitCodes.someRejected;
  printLine(`${failures.length} figures could not be embedded; fix their images and run this again:`);
  for (const { sourceKey, message } of failures.slice(0, failuresPrinted)) printLine(`  ${sourceKey}: ${message}`);
  if (failures.length > failuresPrinted) printLine(`  … and ${failures.length - failuresPrinted} more`);
}
