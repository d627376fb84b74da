import { Command } from 'commander';
import { loadConfig } from '../app/config.js';
import { expectCorpus } from '../app/open-stores.js';
import { comparePendingPictures, withCorpusDuplicates } from '../app/corpus-duplicates.js';
import type { FigureId } from '../domain/ids.js';
import { localOperator } from '../domain/viewer.js';
import { consoleReporter } from './console-reporter.js';
import { exitCodes } from './exit.js';
import { share, wholeNumber } from './number-options.js';
import { printJson } from './output.js';
import { printDuplicates } from './print-duplicates.js';
import { stopAtInterrupt } from './stop-at-interrupt.js';

interface Options {
  readonly data?: string;
  readonly minSimilarity: number;
  readonly same?: boolean;
  readonly compare?: boolean;
  readonly first: number;
  readonly json?: boolean;
}

export function duplicatesCommand(): Command {
  return new Command('duplicates')
    .description(
      'pictures that stand in more than one figure: copied, rescaled, mirrored, rotated, cropped, used in part',
    )
    .argument('[figure]', 'the id of a figure: where its pictures stand too (default: all pairs of the corpus)')
    .option('--min-similarity <n>', 'only what is at least this alike, 0..1', share, 0)
    .option('--same', 'only the same picture, shown alike')
    .option('--compare', 'first compare the pictures that were not compared yet')
    .option('--first <n>', 'how many', wholeNumber, 100)
    .option('--json', 'print one JSON document')
    .action(async (figure: string | undefined, _options, command: Command) => {
      await listDuplicates(figure, command.optsWithGlobals<Options>());
    });
}

async function listDuplicates(figure: string | undefined, options: Options): Promise<void> {
  const config = loadConfig({ data: options.data });
  expectCorpus(config);
  if (options.compare === true) {
    const signal = stopAtInterrupt('Stopping after the pictures in hand; once more stops at once');
    await comparePendingPictures(config, signal, consoleReporter);
    if (signal.aborted) process.exitCode = exitCodes.interrupted;
  }
  const { minSimilarity, same, first, json } = options;
  const request = { figureId: (figure ?? null) as FigureId | null, minSimilarity, sameOnly: same === true, first };
  await withCorpusDuplicates(config, async (duplicates) => {
    const found = await duplicates.find(localOperator, request);
    if (json === true) printJson(found);
    else printDuplicates(found);
  });
}
