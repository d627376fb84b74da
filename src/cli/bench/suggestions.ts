import { Command } from 'commander';
import { measureSuggestions } from '../../app/benchmarks.js';
import { loadConfig } from '../../app/config.js';
import { expectCorpus } from '../../app/open-stores.js';
import { formatSuggestions, suggestionsHeadings } from '../format-suggestions-bench.js';
import { wholeNumber, wholeNumberFromZero } from '../number-options.js';
import { printJson, printLine } from '../output.js';

interface Options {
  readonly data?: string;
  readonly minFigures: number;
  readonly trials: number;
  readonly ratings: readonly number[];
  readonly json?: boolean;
}

export function benchSuggestionsCommand(): Command {
  return new Command('suggestions')
    .description(
      'precision at 20 of suggestions for collections, learned and by similarity to the mean; the labels of the corpus are the topics',
    )
    .option('--min-figures <n>', 'a label is a topic where so many figures carry it', wholeNumber, 12)
    .option('--trials <n>', 'collections that are begun for each topic', wholeNumber, 3)
    .option(
      '--ratings <numbers>',
      'after how many ratings, with commas',
      (text: string) => text.split(',').map(wholeNumberFromZero),
      [0, 5, 10, 20],
    )
    .option('--json', 'print one JSON document a line')
    .action(async (_options, self: Command) => {
      const { data, minFigures, trials, ratings, json } = self.optsWithGlobals<Options>();
      const config = loadConfig({ data });
      expectCorpus(config);
      const measured = await measureSuggestions(config, { minFigures, trials, ratings });
      if (json !== true) printLine(suggestionsHeadings);
      for (const one of measured) {
        if (json === true) printJson(one);
        else printLine(formatSuggestions(one));
      }
    });
}
