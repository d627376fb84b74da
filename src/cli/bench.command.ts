import { Command, Option } from 'commander';
import { benchApi } from '../bench/bench-api.js';
import { benchEmbed } from '../bench/bench-embed.js';
import { benchSearch } from '../bench/bench-search.js';
import { benchSegment } from '../bench/bench-segment.js';
import { benchMaskClicks } from '../bench/mask-clicks.js';
import { loadConfig } from '../app/config.js';
import { ModelRegistry } from '../model-packages/package-registry.js';
import { engineNames, type EngineName } from '../adapters/hnsw/engine.js';
import { positiveNumber, wholeNumber, wholeNumberFromZero, wholeNumbers } from './number-options.js';
import { printJson } from './output.js';
import { withSampleFigures } from '../app/sample-figures.js';

interface EmbedOptions {
  readonly seconds: number;
  readonly threads: number;
  readonly model?: readonly string[];
  readonly batches: readonly number[];
  readonly peak?: number;
}

interface SegmentOptions {
  readonly model?: string;
  readonly size?: number;
  readonly threads: number;
  readonly prompts: number;
  readonly pictures: number;
  readonly clicks: number;
}

interface Options {
  readonly seconds: number;
  readonly dir: string;
  readonly vectors: number;
  readonly engine: EngineName;
  readonly workers: readonly number[];
  readonly figures: number;
  readonly clients: number;
}

export function benchCommand(): Command {
  const command = new Command('bench').description('measured on this machine; prints JSON for comparison');
  command
    .command('embed')
    .description(
      'images, captions and JPEG files a second of a model in all its precisions, through the inference child',
    )
    .option(
      '--model <name...>',
      'model packages (default: the configured one and the other precisions of its checkpoint)',
    )
    .option('--threads <n>', 'threads of one run; 0: as ONNX Runtime chooses', wholeNumberFromZero, 0)
    .option('--batches <list>', 'inputs of one run, with commas', wholeNumbers, [1, 8, 16])
    .option('--peak <gflops>', 'what one core can do, in GFLOP/s, to print the share of it', positiveNumber)
    .option('--seconds <n>', 'time for each measurement', positiveNumber, 10)
    .action(async (_options, self: Command) => {
      const { model, threads, seconds, batches, peak } = self.optsWithGlobals<EmbedOptions>();
      const bench = { models: model ?? [], batches, seconds, peak: peak ?? null };
      for await (const line of benchEmbed(loadConfig({ inferenceThreads: threads }), bench)) printJson(line);
    });
  command
    .command('segment')
    .description(
      'a segmenter’s first masks of new pictures and further prompts, in its child; then clicks on figures of a running server',
    )
    .option('--model <name>', 'a segmenter package (default: the one that a server takes)')
    .option('--size <pixels>', 'side of the square that the model works on (default: the package’s own)', wholeNumber)
    .option('--threads <n>', 'threads of one run; 0: as ONNX Runtime chooses', wholeNumberFromZero, 0)
    .option('--prompts <n>', 'prompts on each picture', wholeNumber, 4)
    .option('--pictures <n>', 'pictures that count, after one that warms up', wholeNumber, 3)
    .option(
      '--clicks <n>',
      'drawn figures that a server is asked a mask of, after one that warms up; 0: none',
      wholeNumberFromZero,
      0,
    )
    .action(async (_options, self: Command) => {
      await segment(self.optsWithGlobals<SegmentOptions>());
    });
  command
    .command('search')
    .description(
      'builds and searches an index of drawn vectors (512-d, clustered, with a modality gap, always the same)',
    )
    .requiredOption('--dir <dir>', 'where the vectors are kept between runs')
    .option('--vectors <n>', 'how many', wholeNumber, 100_000)
    .addOption(new Option('--engine <name>').choices(engineNames).default('hnsw'))
    .option('--workers <list>', 'numbers of worker threads, with commas', wholeNumbers, [1, 2])
    .action(async (_options, self: Command) => {
      const { dir, vectors, engine, workers } = self.optsWithGlobals<Options>();
      for await (const line of benchSearch({ folder: dir, vectors, engine, workers })) printJson(line);
    });
  command
    .command('api')
    .description('searches through GraphQL over HTTP, by several clients at once, over drawn figures')
    .requiredOption('--dir <dir>', 'where the drawn figures are kept between runs')
    .option('--figures <n>', 'how many', wholeNumber, 100_000)
    .option('--clients <n>', 'each asks one search after the other', wholeNumber, 8)
    .option('--seconds <n>', 'time for each measurement', positiveNumber, 10)
    .action(async (_options, self: Command) => {
      const { dir, figures, clients, seconds } = self.optsWithGlobals<Options>();
      const { models, model } = loadConfig();
      const active = await new ModelRegistry(models).load(model ?? 'starter');
      for await (const line of benchApi({ folder: dir, figures, clients, seconds, model: active })) printJson(line);
    });
  return command;
}

async function segment({ model, size, threads, prompts, pictures, clicks }: SegmentOptions): Promise<void> {
  const config = loadConfig({ inferenceThreads: threads });
  printJson(await benchSegment(config, { model: model ?? null, size: size ?? null, prompts, pictures, clicks }));
  if (clicks === 0) return;
  await withSampleFigures(clicks + 1, async (folder) => {
    printJson(await benchMaskClicks(folder, { model: model ?? null, threads }));
  });
}
