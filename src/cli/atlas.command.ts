import { Command } from 'commander';
import { CorpusAtlas } from '../atlas/corpus-atlas.js';
import { withApp } from '../app/command-context.js';
import { loadConfig } from '../app/config.js';
import { expectCorpus } from '../app/open-stores.js';
import { numbered } from '../domain/numbered.js';
import { localOperator } from '../domain/viewer.js';
import { consoleReporter } from './console-reporter.js';
import { exitCodes } from './exit.js';
import { printJson, printLine, printNote } from './output.js';
import { stopAtInterrupt } from './stop-at-interrupt.js';

interface Options {
  readonly data?: string;
  readonly status?: boolean;
  readonly json?: boolean;
}

/** Steps of the progress: a map's work has no natural unit. */
const steps = 1000;

export function atlasCommand(): Command {
  return new Command('atlas')
    .description('makes a map of the corpus, on which figures whose images are alike lie together')
    .option('--status', 'only tell whether there is a map')
    .option('--json', 'print one JSON document')
    .action(async (_options, command: Command) => {
      const options = command.optsWithGlobals<Options>();
      const config = loadConfig({ data: options.data });
      expectCorpus(config);
      await withApp(config, (core) => {
        const atlas = core.get(CorpusAtlas);
        return options.status === true ? tellStatus(atlas, options) : makeAtlas(atlas, options);
      });
    });
}

async function tellStatus(atlas: CorpusAtlas, { json }: Options): Promise<void> {
  const { state, generation, madeAt } = await atlas.status(localOperator);
  if (json === true) printJson({ state, generation, madeAt });
  else if (generation === null)
    printLine('There is no map of the corpus for the active model: “figseek atlas” makes one.');
  else printLine(`The map ${generation} was made at ${madeAt?.toISOString() ?? 'an unknown time'}.`);
}

async function makeAtlas(atlas: CorpusAtlas, { json }: Options): Promise<void> {
  const signal = stopAtInterrupt('Stopping; the former map stays. Once more stops at once');
  try {
    const made = await consoleReporter.track('making the map', steps, (at) =>
      atlas.make(localOperator, {
        signal,
        onProgress: (share) => {
          at(Math.round(share * steps));
        },
      }),
    );
    const { id, laidOut, clusters } = made;
    if (json === true) printJson({ generation: id, figures: laidOut, clusters });
    else
      printLine(`Made the map ${id} of ${numbered(laidOut, 'figure')} with ${numbered(clusters.length, 'cluster')}.`);
  } catch (error) {
    if (!signal.aborted) throw error;
    printNote('The making of the map was stopped.');
    process.exitCode = exitCodes.interrupted;
  }
}
