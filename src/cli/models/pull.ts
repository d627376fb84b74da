import { Command, Option } from 'commander';
import { loadConfig } from '../../app/config.js';
import { pullModel } from '../../app/model-use-cases.js';
import { precisions } from '../../domain/precision.js';
import { pullableNames, type Pulled, type PullOptions } from '../../models/pull-model.js';
import { askYesNo, canAsk } from '../prompt-user.js';
import { printJson, printLine } from '../output.js';
import { withProgress } from '../progress.js';
import { formatPackage, nextSteps } from './format-package.js';
import { localOperator } from '../../domain/viewer.js';

/** `figseek models pull`: a model that figseek knows by name, from the hub or a folder. */
export function modelsPullCommand(): Command {
  return new Command('pull')
    .description(
      'downloads a model that figseek knows by name, checks it, and converts it; stopped, it goes on from there',
    )
    .argument('<name>', `one of ${pullableNames.join(', ')}`)
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
      const pulled = await pullModel(config).run(localOperator, name, options, pullListener());
      if (options.json === true) printJson(pulled);
      else printPulled(pulled, config.data);
    });
}

/** Tells on standard error, and asks where a person sits at the terminal. */
export function pullListener() {
  // On a terminal a progress bar may stand on the line: it is wiped, and drawn again below.
  const tell = (line: string): void => {
    console.error(process.stderr.isTTY ? `\r\u001b[K${line}` : line);
  };
  return { tell, track: withProgress, ask: canAsk() ? askYesNo : null };
}

export function printPulled({ name, manifest, folder }: Pulled, data: string): void {
  if (manifest === null) {
    const where = `The files of ${name} are in ${folder ?? ''}`;
    printLine(`${where}; npx figseek models pull ${name} --from FOLDER imports them`);
    return;
  }
  printLine(`Pulled ${formatPackage(manifest)}`);
  if (folder !== null) printLine(`Its files are in ${folder}`);
  printLine(`Next: ${nextSteps(manifest, data)}`);
}
