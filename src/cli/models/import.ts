import { Command, Option } from 'commander';
import { advice } from '../../app/advice.js';
import { loadConfig, type Config } from '../../app/config.js';
import { importModel } from '../../app/model-use-cases.js';
import { precisions } from '../../domain/precision.js';
import type { ImportModelOptions } from '../../models/import-model.js';
import { printLine } from '../output.js';
import { formatPackage, nextSteps } from './format-package.js';
import { localOperator } from '../../domain/viewer.js';

/** `figseek models import`: a folder of published files to a package. */
export function modelsImportCommand(): Command {
  return new Command('import')
    .description(
      'converts a folder of open_clip (open_clip_config.json, weights, vocab.txt, vocab.json + merges.txt or tokenizer.json) or of BiomedParse v1 (biomedparse_v1.pt, config.yaml, target_dist.json, vocab.json, merges.txt), or of a panel detector of transformers (model.safetensors, config.json, preprocessor_config.json), or takes a dual encoder in ONNX (model.json, two graphs, a vocabulary)',
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
      const { data, ...options } = self.optsWithGlobals<ImportModelOptions & { data?: string }>();
      await importFolder(folder, loadConfig({ data }), options);
    });
}

async function importFolder(folder: string, config: Config, options: ImportModelOptions): Promise<void> {
  const { manifest, replacesActive } = await importModel(config).run(localOperator, folder, options);
  if (manifest.warning !== null) printLine(manifest.warning);
  printLine(`License: ${manifest.license}`);
  printLine(`Imported ${formatPackage(manifest)}`);
  printLine(`Next: ${nextSteps(manifest, config.data)}`);
  if (replacesActive) {
    printLine(
      `${manifest.name} is active: a running server makes its vectors anew, then takes it over; until they are there “${advice('search TEXT', config.data)}” finds by keyword only`,
    );
  }
}
