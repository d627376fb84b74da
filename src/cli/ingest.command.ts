import type { Command } from 'commander';
import { advice } from '../app/advice.js';
import { loadConfig } from '../app/config.js';
import { isPmcSource } from '../app/source-formats.js';
import { withSourceIngest } from '../app/source-ingest-context.js';
import type { IngestReport } from '../corpus/ingest.js';
import { FigseekError } from '../domain/errors.js';
import { confirmArticles } from './confirm-articles.js';
import { exitCodes } from './exit.js';
import { newIngestCommand, toSourceOptions, type IngestCommandOptions } from './ingest-options.js';
import { tellRuns } from './ingest-runs.js';
import { waitingLines } from './ingest-summary.js';
import { printNote } from './output.js';
import { printReport } from './print-report.js';
import { withProgress } from './progress.js';
import { stopAtInterrupt } from './stop-at-interrupt.js';
import { localOperator } from '../domain/viewer.js';

/** Remarks go to standard error: standard output has the reports. */
const reporter = { tell: printNote, track: withProgress };

export function ingestCommand(): Command {
  return newIngestCommand().action(async (sources: string[], _options, command: Command) => {
    const options = command.optsWithGlobals<IngestCommandOptions>();
    if (options.status === true || options.cancel !== undefined) await tellRuns(sources, options);
    else await ingestAll(sources, options);
  });
}

/** What is read, as it was named, and its ingest. */
type Run = readonly [string, () => Promise<IngestReport | null>];

async function ingestAll(sources: readonly string[], options: IngestCommandOptions): Promise<void> {
  const { data, json, query, yes, compare } = options;
  validateSources(sources, options);
  const signal = stopAtInterrupt('Stopping after the figures in hand; once more stops at once');
  const config = loadConfig({ data });
  const asked = toSourceOptions(options, signal);
  const named = sources.filter(isPmcSource);
  const confirm = confirmArticles(yes === true || options.limit !== undefined);
  await withSourceIngest(config, async (files, pmc) => {
    const paths = sources.filter((source) => !isPmcSource(source));
    const runs: Run[] = paths.map((path) => [path, () => files.runFile(localOperator, path, asked, reporter)]);
    if (named.length > 0) runs.push([named.join(' '), () => pmc.runArticles(localOperator, named, asked, reporter)]);
    if (query !== undefined)
      runs.push([query, () => pmc.runQuery(localOperator, query, { ...asked, confirm }, reporter)]);
    let isStopped = false;
    for (const [source, run] of runs) {
      isStopped ||= signal.aborted;
      if (isStopped) break;
      const report = await run();
      if (report !== null) printReport(source, report, json === true, config);
      isStopped = report?.isCancelled === true || signal.aborted;
    }
    if (isStopped) {
      printNote('Stopped; what was counted is stored, and the same command goes on from there');
      process.exitCode = exitCodes.interrupted;
    }
    if (asked.dryRun === true) return;
    const howToCompare = advice('duplicates --compare', config.data);
    for (const line of waitingLines(
      await files.finish(signal, reporter, { compares: compare !== false }),
      howToCompare,
    ))
      printNote(line);
  });
}

/** @throws {FigseekError} BAD_USER_INPUT where nothing is to be read, or more would be removed than is meant */
function validateSources(sources: readonly string[], { query, prune, source }: IngestCommandOptions): void {
  const refuse = (message: string): never => {
    throw new FigseekError('BAD_USER_INPUT', message);
  };
  if (sources.length === 0 && query === undefined)
    refuse('Expected a source or --query; figseek ingest --help lists what is read');
  if (prune !== true) return;
  if (query !== undefined || sources.some(isPmcSource))
    refuse('--prune cannot be used with pmc: and --query, which read a part of a source');
  if (source !== undefined && sources.length > 1)
    refuse(
      `--prune with --source takes one path: each of the ${sources.length} would remove the figures of the others; read them one by one, each with its own --source`,
    );
}
