import path from 'node:path';
import { Command, Option } from 'commander';
import { loadConfig, type Config } from '../../app/config.js';
import type { DualEncoder } from '../../domain/dual-encoder.js';
import { FigseekError, messageOf } from '../../domain/errors.js';
import { checkItself } from '../../evaluation/self-checks.js';
import { OnnxEncoder } from '../../adapters/onnx/onnx-encoder.js';
import { goldenInputs } from '../../model-packages/reference-inputs.js';
import { encoderOptions } from '../../app/model-runtime.js';
import { knownModels, type ModelCatalogEntry } from '../../model-hub/model-catalog.js';
import { importModelFolder } from '../../model-import/import-folder.js';
import { precisions, type Precision } from '../../model-packages/precision.js';
import { defaultPackageName } from '../../model-packages/package-manifest.js';
import { ModelRegistry } from '../../model-packages/package-registry.js';
import { SettingsRepository } from '../../adapters/sqlite/settings.repository.js';
import { activeModelName } from '../../app/container.js';
import { Database } from '../../adapters/sqlite/database.js';
import { withDatabase } from '../context.js';
import { modelsCalibrateCommand } from './calibrate.js';
import { modelsPullCommand } from './pull.js';
import { formatPackage, nextSteps } from './format-package.js';
import { modelsForgetCommand } from './forget.js';
import { modelsUseCommand } from './use.js';
import { modelsVerifyCommand } from './verify.js';
import { printJson, printLine } from '../output.js';
import { advice } from '../../app/advice.js';

interface Options {
  readonly data?: string;
  readonly json?: boolean;
  readonly as?: string;
  readonly precision?: Precision;
  readonly replace?: boolean;
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
    .description(
      'converts a folder of open_clip (open_clip_config.json, weights, vocab.txt, vocab.json + merges.txt or tokenizer.json) or of BiomedParse v1 (biomedparse_v1.pt, config.yaml, target_dist.json, vocab.json, merges.txt), or takes a dual encoder in ONNX (model.json, two graphs, a vocabulary)',
    )
    .argument('<dir>')
    .option(
      '--as <name>',
      'name of the package (default: the name of the folder, with the precision where it is not fp32)',
    )
    .addOption(new Option('--precision <precision>').choices(precisions).default('fp32'))
    .option('--license <text>', 'license of the weights')
    .option('--warning <text>', 'what a user of the model must know')
    .option('--replace', 'put it in the place of a package of the same name')
    .action(async (folder: string, _options, self: Command) => {
      await importFolder(folder, self.optsWithGlobals<Options>());
    });
  command.addCommand(modelsVerifyCommand().exitOverride());
  command.addCommand(modelsCalibrateCommand().exitOverride());
  command.addCommand(modelsUseCommand().exitOverride());
  command.addCommand(modelsForgetCommand().exitOverride());
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
  for (const manifest of packages) {
    const mark = manifest.name === active ? '  active' : '';
    printLine(`${formatPackage(manifest)}  ${manifest.license}${mark}`);
    if (manifest.warning !== null) printLine(`  ${manifest.warning}`);
  }
  const isHere = ({ name, repository }: ModelCatalogEntry): boolean =>
    packages.some((one) => one.name === name || one.source.startsWith(repository));
  for (const { name, license, intendedUse } of knownModels.filter((model) => !isHere(model))) {
    printLine(`not here: ${name}  ${license ?? 'license: see its model card'}; npx figseek models pull ${name}`);
    printLine(`  ${intendedUse}`);
  }
}

/** To look makes nothing: where there is no database yet, nothing was chosen in it. */
async function activeName(config: Config): Promise<string> {
  if (!Database.exists(config.data)) return activeModelName(config, null);
  return withDatabase(config, (database) => activeModelName(config, new SettingsRepository(database)));
}

async function importFolder(folder: string, options: Options): Promise<void> {
  const config = loadConfig();
  const manifest = await importModelFolder(folder, {
    name: options.as ?? defaultPackageName(path.basename(path.resolve(folder)), options.precision),
    modelsDir: config.models,
    tryOut: (model, tokens) => tryOut(config, model, tokens),
    ...(options.precision === undefined ? {} : { precision: options.precision }),
    ...(options.license === undefined ? {} : { license: options.license }),
    ...(options.warning === undefined ? {} : { warning: options.warning }),
    ...(options.replace === true ? { replace: true } : {}),
  });
  if (manifest.warning !== null) printLine(manifest.warning);
  printLine(`License: ${manifest.license}`);
  printLine(`Imported ${formatPackage(manifest)}`);
  printLine(`Next: ${nextSteps(manifest, config.data)}`);
  if (options.replace === true && (await activeName(config)) === manifest.name) {
    printLine(
      `${manifest.name} is active: a running server makes its vectors anew, then takes it over; until they are there “${advice('search TEXT', config.data)}” finds by keyword only`,
    );
  }
}

/** Graphs that others made: what must hold of any dual encoder holds of this one. @throws {Error} naming what does not */
async function tryOut(config: Config, model: DualEncoder, tokens: number): Promise<void> {
  const encoder = new OnnxEncoder(model, encoderOptions(config));
  try {
    await tryLongestText(encoder, tokens);
    const { findings } = await checkItself(encoder, goldenInputs(model));
    const wrong = findings.filter(({ holds }) => !holds).map(({ what, value }) => `${what}: ${value.toPrecision(3)}`);
    if (wrong.length > 0) throw new Error(`it does not keep what must hold of a dual encoder (${wrong.join('; ')})`);
  } finally {
    await encoder.close();
  }
}

/**
 * A text as long as `model.json` allows, of the last token there is: the graph must have a place for both.
 * @throws {FigseekError} BAD_USER_INPUT where the graph runs on a short text of the first token, and not on this one
 */
async function tryLongestText(encoder: OnnxEncoder, tokens: number): Promise<void> {
  const { contextLength } = encoder.model;
  // What fails here already is no matter of sizes, and is told as it is.
  await encoder.embedTokens([Int32Array.of(0, 0)], 'bulk');
  await encoder.embedTokens([new Int32Array(contextLength).fill(tokens - 1)], 'bulk').catch((error: unknown) => {
    const [cause = ''] = messageOf(error).split('\n');
    const tried = `texts of ${contextLength} tokens with ids up to ${tokens - 1}`;
    const message = `The text graph could not run on ${tried}: contextLength in model.json or the vocabulary does not fit the graph (${cause})`;
    throw new FigseekError('BAD_USER_INPUT', message, { cause: error });
  });
}
