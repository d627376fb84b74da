import path from 'node:path';
import type { INestApplicationContext } from '@nestjs/common';
import { Command, Option } from 'commander';
import { loadConfig, type Config } from '../config/config.js';
import { FigseekError } from '../domain/errors.js';
import { EmbedMissing, type EmbedReport } from '../ingest/embed-missing.js';
import { EncoderClient } from '../inference/encoder-client.js';
import { importOpenClip } from '../models/biomedclip/import-open-clip.js';
import { knownModels, type KnownModel } from '../models/hub/known-models.js';
import { precisions, type Precision } from '../models/onnx/precision.js';
import { defaultPackageName } from '../models/package-manifest.js';
import { ModelRegistry } from '../models/registry.js';
import { fp32Sibling } from '../models/siblings.js';
import { PropertyRepository } from '../store/repositories/property.repository.js';
import { VectorSpace } from '../vectors/vector-space.js';
import { activeModelName } from '../core.module.js';
import { Database } from '../store/database.js';
import { comparePackages, defaultSample, describeComparison, fewestFigures, leastOverlap } from './compare-packages.js';
import { withCore } from './context.js';
import { exitCodes } from './exit.js';
import { modelsPullCommand } from './models-pull.command.js';
import { modelsVerifyCommand } from './models-verify.command.js';
import { printJson, printLine } from './output.js';
import { withProgress } from './progress.js';

interface Options {
  readonly data?: string;
  readonly json?: boolean;
  readonly as?: string;
  readonly precision?: Precision;
  readonly replace?: boolean;
  readonly force?: boolean;
  readonly license?: string;
  readonly warning?: string;
}

export function modelsCommand(): Command {
  const command = new Command('models')
    .description('lists model packages; see its sub-commands')
    .option('--json', 'JSON');
  command.action(async (_options, self: Command) => {
    await list(self.optsWithGlobals<Options>());
  });
  command.addCommand(modelsPullCommand().exitOverride());
  command
    .command('import')
    .description('converts an open_clip folder (open_clip_config.json, weights, vocab.txt or tokenizer.json)')
    .argument('<dir>')
    .option(
      '--as <name>',
      'name of the package (default: the name of the folder, with the precision where it is not fp32)',
    )
    .addOption(new Option('--precision <precision>').choices(precisions).default('fp32'))
    .option('--license <text>', 'licence of the weights')
    .option('--warning <text>', 'what a user of the model must know')
    .option('--replace', 'put it in the place of a package of the same name')
    .action(async (folder: string, _options, self: Command) => {
      await importFolder(folder, self.optsWithGlobals<Options>());
    });
  command.addCommand(modelsVerifyCommand().exitOverride());
  command
    .command('use')
    .description('makes a package active: embeds what is stored by it, beside the old vectors, then switches')
    .argument('<name>')
    .option('--force', 'also where a lower precision answers otherwise than fp32 on your figures')
    .action(async (name: string, _options, self: Command) => {
      const { data, force } = self.optsWithGlobals<Options>();
      await use(loadConfig({ data, model: name }), name, force === true);
    });
  return command;
}

async function list({ data, json }: Options): Promise<void> {
  const config = loadConfig({ data });
  const packages = await new ModelRegistry(config.models).list();
  const active = await activeName(config);
  if (json === true) {
    printJson(packages.map((manifest) => ({ ...manifest, active: manifest.name === active })));
    return;
  }
  for (const { name, dimensions, precision, version, license, warning } of packages) {
    const mark = name === active ? '  active' : '';
    printLine(`${name}  ${dimensions}-d  ${precision}  ${version.slice(0, 16)}  ${license}${mark}`);
    if (warning !== null) printLine(`  ${warning}`);
  }
  const isHere = ({ name, repository }: KnownModel): boolean =>
    packages.some((one) => one.name === name || one.source.startsWith(repository));
  for (const { name, license, intendedUse } of knownModels.filter((model) => !isHere(model))) {
    printLine(`not here: ${name}  ${license ?? 'licence: see its model card'}; figseek models pull ${name}`);
    printLine(`  ${intendedUse}`);
  }
}

/** To look makes nothing: where there is no database yet, nothing was chosen in it. */
async function activeName(config: Config): Promise<string> {
  if (!Database.exists(config.data)) return activeModelName(config, null);
  const database = await Database.open(config.data);
  return activeModelName(config, new PropertyRepository(database)).finally(() => database.close());
}

async function importFolder(folder: string, options: Options): Promise<void> {
  const manifest = await importOpenClip(folder, {
    name: options.as ?? defaultPackageName(path.basename(path.resolve(folder)), options.precision),
    modelsDir: loadConfig().models,
    ...(options.precision === undefined ? {} : { precision: options.precision }),
    ...(options.license === undefined ? {} : { license: options.license }),
    ...(options.warning === undefined ? {} : { warning: options.warning }),
    ...(options.replace === true ? { replace: true } : {}),
  });
  if (manifest.warning !== null) printLine(manifest.warning);
  printLine(
    `Imported ${manifest.name}: ${manifest.dimensions}-d, ${manifest.precision}, version ${manifest.version.slice(0, 16)}`,
  );
  printLine(`Next: figseek models use ${manifest.name}`);
}

async function use(config: Config, name: string, force: boolean): Promise<void> {
  await withCore(config, async (core) => {
    if (!force) await refuseUnlikeFp32(core, config, name);
    const { model } = core.get(EncoderClient);
    const { embedded, failures } = await withProgress(`embedding by ${model.name}`, null, (at) =>
      core.get(EmbedMissing).run(at),
    );
    await core.get(VectorSpace).build();
    await core.get(PropertyRepository).set('active_model', model.name);
    printLine(`${model.name} is active (${embedded} figures embedded now); restart a running server to use it`);
    reportFailures(failures);
  });
}

/** @throws {FigseekError} MODEL_UNAVAILABLE where a lower precision gives other answers than fp32 */
async function refuseUnlikeFp32(core: INestApplicationContext, config: Config, name: string): Promise<void> {
  const registry = new ModelRegistry(config.models);
  const manifest = await registry.manifest(name);
  if (manifest.precision === 'fp32') return;
  const reference = await fp32Sibling(registry, manifest);
  if (reference === undefined) {
    printLine(`${name} is ${manifest.precision}, and no fp32 package of its checkpoint is here: not compared`);
    return;
  }
  const comparison = await comparePackages(core, config, reference.name, defaultSample);
  if (comparison === null) {
    printLine(`Not compared with ${reference.name}: the corpus has fewer than ${fewestFigures} figures`);
    return;
  }
  const told = describeComparison(name, reference.name, comparison);
  if (comparison.overlap < leastOverlap) {
    const expected = `expected ${100 * leastOverlap} %; use ${reference.name}, or say --force`;
    throw new FigseekError('MODEL_UNAVAILABLE', `${name} was not made active. ${told}; ${expected}`);
  }
  printLine(told);
}

const failuresPrinted = 1000;

function reportFailures(failures: EmbedReport['failures']): void {
  if (failures.length === 0) return;
  process.exitCode = exitCodes.someRejected;
  printLine(`${failures.length} figures could not be embedded; mend their images and run this again:`);
  for (const { sourceKey, message } of failures.slice(0, failuresPrinted)) printLine(`  ${sourceKey}: ${message}`);
  if (failures.length > failuresPrinted) printLine(`  … and ${failures.length - failuresPrinted} more`);
}
