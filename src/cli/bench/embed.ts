import { Command } from 'commander';
import { measureEmbedding } from '../../app/benchmarks.js';
import { loadConfig } from '../../app/config.js';
import { positiveNumber, wholeNumberFromZero, wholeNumbers } from '../number-options.js';
import { printJson } from '../output.js';

interface Options {
  readonly data?: string;
  readonly seconds: number;
  readonly threads: number;
  readonly model?: readonly string[];
  readonly batches: readonly number[];
  readonly peak?: number;
}

export function benchEmbedCommand(): Command {
  const packages = 'model packages (default: the configured one and the other precisions of its checkpoint)';
  return new Command('embed')
    .description(
      'images, captions and JPEG files a second of a model in all its precisions, through the inference child',
    )
    .option('--model <name...>', packages)
    .option('--threads <n>', 'threads of one run; 0: as ONNX Runtime chooses', wholeNumberFromZero, 0)
    .option('--batches <list>', 'inputs of one run, with commas', wholeNumbers, [1, 8, 16])
    .option('--peak <gflops>', 'what one core can do, in GFLOP/s, to print the share of it', positiveNumber)
    .option('--seconds <n>', 'time for each measurement', positiveNumber, 10)
    .action(async (_options, self: Command) => {
      const { data, model, threads, seconds, batches, peak } = self.optsWithGlobals<Options>();
      const bench = { models: model ?? [], batches, seconds, peak: peak ?? null };
      const config = loadConfig({ data, inferenceThreads: threads });
      for await (const line of measureEmbedding(config, bench)) printJson(line);
    });
}
