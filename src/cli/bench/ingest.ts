import { Command } from 'commander';
import { measureIngest } from '../../app/benchmarks.js';
import { loadConfig } from '../../app/config.js';
import { wholeNumberFromZero } from '../number-options.js';
import { printJson } from '../output.js';

interface Options {
  readonly data?: string;
  readonly figures: number;
  readonly files: number;
}

export function benchIngestCommand(): Command {
  return new Command('ingest')
    .description(
      'what an ingest costs beside its model as the corpus grows, and how close a whole one comes to its slowest part; in a temporary folder',
    )
    .option('--figures <n>', 'small figures with an encoder that does nothing; 0: none', wholeNumberFromZero, 100_000)
    .option('--files <n>', 'JPEG files with the configured model; 0: none', wholeNumberFromZero, 256)
    .action(async (_options, self: Command) => {
      const { data, figures, files } = self.optsWithGlobals<Options>();
      for await (const line of measureIngest(loadConfig({ data }), { figures, files })) printJson(line);
    });
}
