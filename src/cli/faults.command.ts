import path from 'node:path';
import { Command } from 'commander';
import { loadConfig } from '../app/config.js';
import { FigseekError } from '../domain/errors.js';
import { IngestRunRepository, type IngestRun } from '../adapters/sqlite/ingest-run.repository.js';
import { SourceRepository } from '../adapters/sqlite/source.repository.js';
import { expectCorpus, withDatabase } from '../app/command-context.js';
import { wholeNumber } from './number-options.js';
import { printJson, printLine } from './output.js';
import { visibleLine } from '../domain/visible-text.js';
import { advice } from '../app/advice.js';

interface Options {
  readonly data?: string;
  readonly run?: string;
  readonly first: number;
  readonly after: number;
  readonly json?: boolean;
}

/** Runs that are looked through for a source. */
const searchedRuns = 1000;

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

async function listFaults(source: string | undefined, options: Options): Promise<void> {
  const config = loadConfig({ data: options.data });
  expectCorpus(config);
  await withDatabase(config, async (database) => {
    const runs = new IngestRunRepository(database);
    if (source === undefined && options.run === undefined) await printRuns(runs, options);
    else {
      const named = source === undefined ? null : await new SourceRepository(database).inputOf(source);
      await printFaults(
        runs,
        await runOf(runs, { source: named ?? source, id: options.run, data: config.data }),
        options,
      );
    }
  });
}

async function runOf(
  runs: IngestRunRepository,
  { source, id, data }: { source: string | undefined; id: string | undefined; data: string },
): Promise<IngestRun> {
  if (id !== undefined) {
    const run = await runs.find(id);
    if (run === null)
      throw new FigseekError('NOT_FOUND', `There is no run ${id}; ${advice('faults', data)} lists the runs`);
    return run;
  }
  const wanted = source ?? '';
  const { items } = await runs.page(0, searchedRuns);
  const run = items.find((one) => one.source === wanted || one.source === path.resolve(wanted));
  if (run === undefined) {
    throw new FigseekError('NOT_FOUND', `No run has read ${wanted}; ${advice('faults', data)} lists the runs`);
  }
  return run;
}

async function printRuns(runs: IngestRunRepository, { first, after, json }: Options): Promise<void> {
  const { items, hasNextPage } = await runs.page(after, first);
  if (json === true) {
    printJson({ runs: items.map(({ seq, ...run }) => ({ number: seq, ...run })), hasNextPage });
    return;
  }
  if (items.length === 0) printLine('Nothing was ingested yet');
  for (const { id, source, state, startedAt, read, rejected, leftOut } of items) {
    const counts = `${read} read, ${rejected} rejected, ${leftOut} left out`;
    printLine(`${id}  ${startedAt.toISOString()}  ${state}  ${counts}  ${visibleLine(source)}`);
  }
  if (hasNextPage) printLine(`… older ones: --after ${items.at(-1)?.seq ?? 0}`);
}

async function printFaults(runs: IngestRunRepository, run: IngestRun, { first, after, json }: Options): Promise<void> {
  const { items, hasNextPage } = await runs.faults(run.id, after, first);
  if (json === true) {
    printJson({ run, faults: items.map(({ seq, ...fault }) => ({ number: seq, ...fault })), hasNextPage });
    return;
  }
  printLine(
    `${run.id}, ${run.startedAt.toISOString()}: ${run.rejected} rejected, ${run.leftOut} left out of ${visibleLine(run.source)}`,
  );
  for (const { sourceKey, code, message } of items)
    printLine(`  ${visibleLine(sourceKey)}: ${code}: ${visibleLine(message)}`);
  if (hasNextPage) printLine(`… and more: --after ${items.at(-1)?.seq ?? 0}`);
}
