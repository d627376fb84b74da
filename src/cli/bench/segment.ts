import { Command } from 'commander';
import { measureSegmentation } from '../../app/benchmarks.js';
import { loadConfig } from '../../app/config.js';
import { wholeNumber, wholeNumberFromZero } from '../number-options.js';
import { printJson } from '../output.js';

interface Options {
  readonly data?: string;
  readonly model?: string;
  readonly size?: number;
  readonly threads: number;
  readonly prompts: number;
  readonly pictures: number;
  readonly clicks: number;
}

export function benchSegmentCommand(): Command {
  const clicks = 'drawn figures that a server is asked a mask of, after one that warms up; 0: none';
  return new Command('segment')
    .description(
      'a segmenter’s first masks of new pictures and further prompts, in its child; then clicks on figures of a running server',
    )
    .option('--model <name>', 'a segmenter package (default: the one that a server takes)')
    .option('--size <pixels>', 'side of the square that the model works on (default: the package’s own)', wholeNumber)
    .option('--threads <n>', 'threads of one run; 0: as ONNX Runtime chooses', wholeNumberFromZero, 0)
    .option('--prompts <n>', 'prompts on each picture', wholeNumber, 4)
    .option('--pictures <n>', 'pictures that count, after one that warms up', wholeNumber, 3)
    .option('--clicks <n>', clicks, wholeNumberFromZero, 0)
    .action(async (_options, self: Command) => {
      const { data, model = null, size = null, threads, ...counts } = self.optsWithGlobals<Options>();
      const bench = { model, size, ...counts };
      const config = loadConfig({ data, inferenceThreads: threads });
      for await (const line of measureSegmentation(config, bench)) printJson(line);
    });
}
