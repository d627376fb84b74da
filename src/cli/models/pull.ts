import { Command, Option } from 'commander';
import { loadConfig } from '../../app/config.js';
import { precisions } from '../../model-packages/precision.js';
import { knownModels } from '../../model-hub/model-catalog.js';
import { formatPackage, nextSteps } from './format-package.js';
import { printJson, printLine } from '../output.js';
import { pullModel, type Pulled, type PullOptions } from '../pull-model.js';

export function modelsPullCommand(): Command {
  return new Command('pull')
    .description(
      'downloads a model that figseek knows by name, checks it, and converts it; stopped, it goes on from there',
    )
    .argument('<name>', `one of ${knownModels.map(({ name }) => name).join(', ')}`)
    .option('--as <name>', 'name of the package (default: that of the model, with the precision where it is not fp32)')
    .addOption(new Option('--precision <precision>').choices(precisions).default('fp32'))
    .option('--from <dir>', 'take the files from a folder, where the hub is out of reach')
    .option('--accept-license', 'accept the license and the intended use; needed where nobody can be asked')
    .option('--keep', 'keep the downloaded files after the import')
    .option('--files-only', 'leave the checked files as they are and import nothing: to carry them to another machine')
    .option('--replace', 'put it in the place of a package of the same name')
    .option('--json', 'print one JSON document at the end')
    .action(async (name: string, _options, self: Command) => {
      const options = self.optsWithGlobals<PullOptions & { json?: boolean; data?: string }>();
      const config = loadConfig({ data: options.data });
      const pulled = await pullModel(config, name, options);
      if (options.json === true) printJson(pulled);
      else print(pulled, config.data);
    });
}

export function print({ name, manifest, folder }: Pulled, data: string): void {
  if (manifest === null) {
    printLine(
      `The files of ${name} are in ${folder ?? ''}; npx figseek models pull ${name} --from FOLDER imports them`,
    );
    return;
  }
  printLine(`Pulled ${formatPackage(manifest)}`);
  if (folder !== null) printLine(`Its files are in ${folder}`);
  printLine(`Next: ${nextSteps(manifest, data)}`);
}
