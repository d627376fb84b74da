import { Command, Option } from 'commander';
import { benchEngines, measureSearch } from '../../app/benchmarks.js';
import { wholeNumber, wholeNumbers } from '../number-options.js';
import { printJson } from '../output.js';

interface Options {
  readonly dir: string;
  readonly vectors: number;
  readonly engine: (typeof benchEngines)[number];
  readonly workers: readonly number[];
}

export function benchSearchCommand(): Command {
  return new Command('search')
    .description(
      'builds and searches an index of drawn vectors (512-d, clustered, with a modality gap, always the same)',
    )
    .requiredOption('--dir <dir>', 'where the vectors are kept between runs')
    .option('--vectors <n>', 'how many', wholeNumber, 100_000)
    .addOption(new Option('--engine <name>').choices(benchEngines).default('hnsw'))
    .option('--workers <list>', 'numbers of worker threads, with commas', wholeNumbers, [1, 2])
    .action(async (_options, self: Command) => {
      const { dir, vectors, engine, workers } = self.optsWithGlobals<Options>();
      for await (const line of measureSearch({ folder: dir, vectors, engine, workers })) printJson(line);
    });
}
