import { Command, InvalidArgumentError, Option } from 'commander';
import type { LabelQuery } from '../evaluation/evaluate.js';
import { evaluateLabeled } from './eval-labeled.js';
import { evaluateKnownItems } from './eval-known-items.js';
import { refuseUnread, type EvalArguments } from './eval-options.js';
import { withholdableFields } from '../app/labeled-corpus.js';
import { publicSetNames } from '../domain/public-set.js';
import { withAgainstOptions } from './against-options.js';
import { wholeNumber } from './number-options.js';

const splits = ['all', 'test', 'valid', 'train'] as const;

export function evalCommand(): Command {
  const command = new Command('eval')
    .description('how well figures are found: by queries made from the corpus, or of a model on a labeled .jsonl')
    .argument('[file]', 'a labeled set, or the folder of --set; without it, queries are made from the corpus')
    .addOption(new Option('--set <name>', 'a public set in its published layout').choices(publicSetNames))
    .option('--limit <n>', 'of a public set: so many records, evenly spread', wholeNumber)
    .addOption(new Option('--split <part>', 'of a labeled set (default: all), of a public set (test)').choices(splits))
    .option('--query <text=label...>', 'a query and the label that makes a record relevant to it', toQueries)
    .option('--prompts <file>', 'texts that name each label, for zero-shot classification of a labeled set')
    .option('--against <model>', 'a second package, compared on the same records')
    .option('--search', 'take a labeled set into a corpus that is deleted afterwards, and measure its search')
    .addOption(
      new Option(
        '--withhold <field...>',
        'with --search: fields that are not stored; alt and caption become queries',
      ).choices(withholdableFields),
    )
    .option('--queries <n>', 'queries of each class that are made from the corpus', wholeNumber, 50)
    .option('--seed <text>', 'another one makes other queries', '1')
    .option('--judgments <file>', 'texts with the figures that are right, which are asked as well (docs/evaluation.md)')
    .option('--samples', 'of the drawn sample figures, in a folder that is deleted afterwards')
    .option('--report <file>', 'write the answer as one HTML page with plots and the worst failures as pictures')
    .option(
      '--model <name>',
      'a model package (default: the active one of the corpus, starter for a labeled set, or FIGSEEK_MODEL)',
    )
    .option('--json', 'print one JSON document');
  return withAgainstOptions(command).action(async (file: string | undefined, _options, command: Command) => {
    const options = command.optsWithGlobals<EvalArguments>();
    refuseUnread(file, options);
    await evaluateWhatIsNamed(file, options);
  });
}

async function evaluateWhatIsNamed(file: string | undefined, options: EvalArguments): Promise<void> {
  const { set } = options;
  if (file === undefined) return evaluateKnownItems(options);
  if (set === undefined) return evaluateLabeled(file, options);
  // Loaded here, so that no other command waits for the readers of HDF5 and its like.
  const { evaluateSetFolder } = await import('./eval-set.js');
  return evaluateSetFolder(file, { ...options, set });
}

function toQueries(value: string, previous: readonly LabelQuery[] | undefined): readonly LabelQuery[] {
  const [text, label] = value.split('=');
  if (!text || !label) throw new InvalidArgumentError('expected TEXT=LABEL');
  return [...(previous ?? []), { text, label }];
}
