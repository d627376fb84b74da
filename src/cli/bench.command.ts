import { Command } from 'commander';
import { benchEmbed } from '../bench/bench-embed.js';
import { benchSearch } from '../bench/bench-search.js';
import { loadConfig } from '../config/config.js';
import { printJson } from './output.js';

interface Options {
  readonly seconds: number;
  readonly threads: number;
  readonly model?: string;
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
    .description('builds and searches an HNSW index over the vectors of a folder (X.f32, Q.f32, truth.i32: 512-d)')
    .argument('<dir>')
    .action(async (folder: string) => {
      for await (const line of benchSearch(folder)) printJson(line);
    });
  return command;
}
