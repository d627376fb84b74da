import { Command } from 'commander';
import { measureApi } from '../../app/benchmarks.js';
import { loadConfig } from '../../app/config.js';
import { positiveNumber, wholeNumber } from '../number-options.js';
import { printJson } from '../output.js';

interface Options {
  readonly data?: string;
  readonly dir: string;
  readonly figures: number;
  readonly clients: number;
  readonly seconds: number;
}

export function benchApiCommand(): Command {
  return new Command('api')
    .description('searches through GraphQL over HTTP, by several clients at once, over drawn figures')
    .requiredOption('--dir <dir>', 'where the drawn figures are kept between runs')
    .option('--figures <n>', 'how many', wholeNumber, 100_000)
    .option('--clients <n>', 'each asks one search after the other', wholeNumber, 8)
    .option('--seconds <n>', 'time for each measurement', positiveNumber, 10)
    .action(async (_options, self: Command) => {
      const { data, dir, ...counts } = self.optsWithGlobals<Options>();
      for await (const line of measureApi(loadConfig({ data }), { folder: dir, ...counts })) printJson(line);
    });
}
