import path from 'node:path';
import { Command } from 'commander';
import { advice, quoted } from '../app/advice.js';
import { expectCorpus } from '../app/open-stores.js';
import { loadConfig } from '../app/config.js';
import { withIngestHistory } from '../app/ingest-history.js';
import { localOperator } from '../domain/viewer.js';
import { formatFaults, formatRuns } from './format-runs.js';
import { wholeNumber } from './number-options.js';
import { printJson, printLine, printNote } from './output.js';

interface Options {
  readonly data?: string;
  readonly run?: string;
  readonly first: number;
  readonly after: number;
  readonly json?: boolean;
}

export function faultsCommand(): Command {
  return new Command('faults')
    .description('what an ingest did not take, and why; without a source, the runs')
    .argument('[source]', 'the path that was read, or the name of its source: its last run')
    .option('--run <id>', 'a run, by its id')
    .option('--first <n>', 'how many', wholeNumber, 100)
    .option('--after <n>', 'behind the one with this number', wholeNumber, 0)
    .option('--json', 'print one JSON document')
    .action(async (source: string | undefined, _options, command: Command) => {
      await listFaults(source, command.optsWithGlobals<Options>());
    });
}

async function listFaults(source: string | undefined, { data, run: id, after, first, json }: Options): Promise<void> {
  const config = loadConfig({ data });
  expectCorpus(config);
  await withIngestHistory(config, async (history) => {
    if (id === undefined && source === undefined) {
      const page = await history.runs(localOperator, after, first);
      if (json === true) printJson({ runs: page.items.map(numbered), hasNextPage: page.hasNextPage });
      else for (const line of formatRuns(page)) printLine(line);
      return;
    }
    const run =
      id === undefined ? await history.lastRunOf(localOperator, source ?? '') : await history.run(localOperator, id);
    const page = await history.faults(localOperator, run.id, after, first);
    if (json === true) {
      printJson({ run, faults: page.items.map(numbered), hasNextPage: page.hasNextPage });
      return;
    }
    for (const line of formatFaults(run, page)) printLine(line);
    if (run.rejected > 0 && path.isAbsolute(run.source)) {
      printNote(`${advice(`ingest ${quoted(run.source)} --only-new`, config.data)} tries again what is not stored yet`);
    }
  });
}

function numbered<Item extends { readonly seq: number }>({ seq, ...item }: Item) {
  return { number: seq, ...item };
}
