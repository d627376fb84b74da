import { Command } from 'commander';
import { loadConfig } from '../app/config.js';
import { keepBetter, keepSettings, presentSettings, tuneCorpus } from '../app/corpus-tuning.js';
import { withApp } from '../app/command-context.js';
import { expectCorpus } from '../app/open-stores.js';
import { ownQuestions, parseJudgments } from '../evaluation/known-items/judgments.js';
import { consoleReporter } from './console-reporter.js';
import { formatSettings, formatTuning } from './format-tuning.js';
import { wholeNumber } from './number-options.js';
import { printJson, printLine } from './output.js';
import { readTextFile } from './text-file.js';

interface Options {
  readonly data?: string;
  readonly seed: string;
  readonly queries: number;
  readonly judgments?: string;
  readonly write?: boolean;
  readonly reset?: boolean;
  readonly json?: boolean;
}

export function tuneCommand(): Command {
  return new Command('tune')
    .description(
      'looks for channel weights and a depth that find more figures of this corpus, and shows the gain before it keeps them',
    )
    .option('--queries <n>', 'queries of each class that are made from the corpus', wholeNumber, 50)
    .option('--judgments <file>', 'texts with the figures that are right, which are asked as well (docs/evaluation.md)')
    .option('--seed <text>', 'another one makes other queries', '1')
    .option('--write', 'keep better weights and a better depth, each where the whole interval of its gain is above 0')
    .option('--reset', 'go back to the usual weights and depth')
    .option('--json', 'print one JSON document')
    .action(async (_options, command: Command) => {
      await run(command.optsWithGlobals<Options>());
    });
}

async function run({ data, seed, queries: count, judgments: file, write, reset, json }: Options): Promise<void> {
  const config = loadConfig({ data });
  expectCorpus(config);
  const judgments = file === undefined ? [] : [ownQuestions(parseJudgments(await readTextFile(file)))];
  await withApp(config, async (core) => {
    if (reset === true) {
      await keepSettings(core, null);
      printLine(`The usual settings hold: ${formatSettings(presentSettings(core))}`);
      return;
    }
    const tuning = await tuneCorpus(core, config, { seed, count, judgments }, consoleReporter);
    const isWritten = write === true && tuning !== null && (await keepBetter(core, tuning));
    if (json === true) printJson({ tuning, isWritten });
    else for (const line of formatTuning(tuning, isWritten)) printLine(line);
  });
}
