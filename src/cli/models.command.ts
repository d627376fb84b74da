import path from 'node:path';
import { Command, Option } from 'commander';
import { loadConfig, type Config } from '../config/config.js';
import { EmbedMissing, type EmbedReport } from '../ingest/embed-missing.js';
import { EncoderClient } from '../inference/encoder-client.js';
import { importOpenClip } from '../models/biomedclip/import-open-clip.js';
import { knownModels, type KnownModel } from '../models/hub/known-models.js';
import { precisions, type Precision } from '../models/onnx/precision.js';
import { ModelRegistry } from '../models/registry.js';
import { PropertyRepository } from '../store/repositories/property.repository.js';
import { VectorSpace } from '../vectors/vector-space.js';
import { activeModelName } from '../core.module.js';
import { Database } from '../store/database.js';
import { withCore } from './context.js';
import { exitCodes } from './exit.js';
import { modelsPullCommand } from './models-pull.command.js';
import { printJson, printLine } from './output.js';
import { withProgress } from './progress.js';

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
    .description('converts an open_clip folder (open_clip_config.json, weights, vocab.txt or tokenizer.json)')
    .argument('<dir>')
    .option('--as <name>', 'name of the package (default: the name of the folder)')
    .addOption(new Option('--precision <precision>').choices(precisions).default('fp32'))
    .option('--license <text>', 'licence of the weights')
    .option('--warning <text>', 'what a user of the model must know')
    .option('--replace', 'put it in the place of a package of the same name')
    .action(async (folder: string, _options, self: Command) => {
      await importFolder(folder, self.optsWithGlobals<Options>());
    });
  command
    .command('verify')
    .description('checks the files of a package against its model.json')
    .argument('<name>')
    .action(async (name: string) => {
      const { version } = await new ModelRegistry(loadConfig().models).verify(name);
      printLine(`${name} is whole (version ${version.slice(0, 16)})`);
    });
  command
    .command('use')
    .description('makes a package active: embeds what is stored by it, beside the old vectors, then switches')
    .argument('<name>')
    .action(async (name: string, _options, self: Command) => {
      await use(loadConfig({ data: self.optsWithGlobals<Options>().data, model: name }));
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
    name: options.as ?? path.basename(path.resolve(folder)),
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

async function use(config: Config): Promise<void> {
  await withCore(config, async (core) => {
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

const failuresPrinted = 1000;

function reportFailures(failures: EmbedReport['failures']): void {
  if (failures.length === 0) return;
  process.exitCode = exitCodes.someRejected;
  printLine(`${failures.length} figures could not be embedded; mend their images and run this again:`);
  for (const { sourceKey, message } of failures.slice(0, failuresPrinted)) printLine(`  ${sourceKey}: ${message}`);
  if (failures.length > failuresPrinted) printLine(`  … and ${failures.length - failuresPrinted} more`);
}
