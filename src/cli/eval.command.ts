import { Command, InvalidArgumentError, Option } from 'commander';
import { loadConfig } from '../app/config.js';
import { evaluateFile } from '../app/evaluate-file.js';
import type { LabelQuery, Split } from '../evaluation/evaluate.js';
import { consoleReporter } from './console-reporter.js';
import { exitCodes } from './exit.js';
import { formatEvaluation } from './format-evaluation.js';
import { printJson, printLine } from './output.js';

interface Options {
  readonly data?: string;
  readonly split: Split;
  readonly query?: readonly LabelQuery[];
  readonly model?: string;
  readonly json?: boolean;
}

export function evalCommand(): Command {
  return new Command('eval')
    .description('retrieval figures of a model on a labeled .jsonl: recall@k, median rank, precision@10 by label')
    .argument('<file>')
    .addOption(new Option('--split <split>').choices(['all', 'test', 'train']).default('all'))
    .option('--query <text=label...>', 'a query and the label that makes a record relevant to it', toQueries)
    .option('--model <name>', 'a model package (default: starter, or FIGSEEK_MODEL)')
    .option('--json', 'print one JSON document')
    .action(async (file: string, _options, command: Command) => {
      await run(file, command.optsWithGlobals<Options>());
    });
}

async function run(file: string, { data, model, split, query, json }: Options): Promise<void> {
  const config = loadConfig({ data, model });
  const result = await evaluateFile(config, file, { split, queries: query ?? [] }, consoleReporter);
  if (json === true) printJson(result);
  else for (const line of formatEvaluation(result)) printLine(line);
  if (result.leftOut.length > 0) process.exitCode = exitCodes.someRejected;
}

function toQueries(value: string, previous: readonly LabelQuery[] | undefined): readonly LabelQuery[] {
  const [text, label] = value.split('=');
  if (!text || !label) throw new InvalidArgumentError('expected TEXT=LABEL');
  return [...(previous ?? []), { text, label }];
}
