import { Command, Option } from 'commander';
import { withApp } from '../app/command-context.js';
import { loadConfig } from '../app/config.js';
import { expectCorpus } from '../app/open-stores.js';
import { classifyPanels, keepHead, trainCorpusHead } from '../app/panel-classes.js';
import { numbered } from '../domain/numbered.js';
import type { Split } from '../evaluation/embed-records.js';
import { parseClassLabels } from '../evaluation/panel-classes/class-labels.js';
import type { GroupBy } from '../evaluation/panel-classes/read-labeled.js';
import { consoleReporter } from './console-reporter.js';
import { formatHead } from './format-head.js';
import { wholeNumber } from './number-options.js';
import { printJson, printLine } from './output.js';
import { readTextFile } from './text-file.js';

interface Options {
  readonly data?: string;
  readonly labels?: string;
  readonly split: Split;
  readonly limit: number;
  readonly groupBy: GroupBy;
  readonly seed: string;
  readonly write?: boolean;
  readonly force?: boolean;
  readonly reset?: boolean;
  readonly json?: boolean;
}

export function classifyTrainCommand(): Command {
  return new Command('train')
    .description('trains a classifier on the stored vectors of labeled figures, and measures it against the prompts')
    .option(
      '--labels <file>',
      'JSON lines {"id": "…", "class": "ct"} (default: the modality, else the labels of records)',
    )
    .addOption(
      new Option('--split <part>', 'figures that are looked at').choices(['all', 'train', 'test']).default('all'),
    )
    .addOption(
      new Option('--group-by <what>', 'what is never trained on and measured apart')
        .choices(['articles', 'figures'])
        .default('articles'),
    )
    .option('--limit <n>', 'most figures that are looked at, at even distances', wholeNumber, 20_000)
    .option('--seed <text>', 'another one deals the figures otherwise', '1')
    .option('--write', 'use it from now on, where it is certainly better')
    .option('--force', 'with --write: use it also where it is not certainly better')
    .option('--reset', 'classify by the prompts again')
    .option('--json', 'print one JSON document')
    .action(async (_options, command: Command) => {
      await train(command.optsWithGlobals<Options>());
    });
}

async function train({ data, labels: file, write, force, reset, json, ...request }: Options): Promise<void> {
  const config = loadConfig({ data });
  expectCorpus(config);
  const labels = file === undefined ? null : parseClassLabels(await readTextFile(file));
  await withApp(config, async (core) => {
    if (reset === true) {
      await keepHead(core, null);
      const classified = await classifyPanels(core, consoleReporter);
      if (json === true) printJson({ classified });
      else printLine(`Panels are classified by the prompts again: ${numbered(classified, 'panel')} done now`);
      return;
    }
    const training = await trainCorpusHead(core, { ...request, labels }, consoleReporter);
    const isWritten = write === true && (training.isBetter || force === true);
    if (isWritten) await keepHead(core, training.head);
    const classified = isWritten ? await classifyPanels(core, consoleReporter) : 0;
    const { head: _head, ...told } = training;
    if (json === true) printJson({ training: told, isWritten, classified });
    else for (const line of formatHead(training, { isWritten, classified })) printLine(line);
  });
}
