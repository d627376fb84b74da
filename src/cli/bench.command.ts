import { Command, Option } from 'commander';
import { benchEmbed } from '../bench/bench-embed.js';
import { benchSearch } from '../bench/bench-search.js';
import { loadConfig } from '../config/config.js';
import { engineNames, type EngineName } from '../vectors/engine.js';
import { printJson } from './output.js';

interface Options {
  readonly seconds: number;
  readonly threads: number;
  readonly model?: string;
  readonly dir: string;
  readonly vectors: number;
  readonly engine: EngineName;
  readonly workers: string;
}

export function benchCommand(): Command {
  const command = new Command('bench').description('measured on this machine; prints JSON for comparison');
  command
    .command('embed')
    .description('images and texts a second of a model, through the inference child')
    .option('--model <name>', 'a model package (default: starter, or FIGSEEK_MODEL)')
    .option('--threads <n>', 'threads of one run; 0: as ONNX Runtime chooses', Number, 0)
    .option('--seconds <n>', 'time for each measurement', Number, 10)
    .action(async (_options, self: Command) => {
      const { model, threads, seconds } = self.optsWithGlobals<Options>();
      printJson(await benchEmbed(loadConfig({ model, inferenceThreads: threads }), seconds));
    });
  command
    .command('search')
    .description(
      'builds and searches an index of drawn vectors (512-d, clustered, with a modality gap, always the same)',
    )
    .requiredOption('--dir <dir>', 'where the vectors are kept between runs')
    .option('--vectors <n>', 'how many', Number, 100_000)
    .addOption(new Option('--engine <name>').choices(engineNames).default('hnsw'))
    .option('--workers <list>', 'numbers of worker threads, with commas', '1,2')
    .action(async (_options, self: Command) => {
      const { dir, vectors, engine, workers } = self.optsWithGlobals<Options>();
      const sizes = workers.split(',').map(Number);
      for await (const line of benchSearch({ folder: dir, vectors, engine, workers: sizes })) printJson(line);
    });
  return command;
}
