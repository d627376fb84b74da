import { Command, Option } from 'commander';
import { advice } from '../app/advice.js';
import { loadConfig } from '../app/config.js';
import { sourceFormats, withSourceIngest, type SourceIngestOptions } from '../app/source-ingest.js';
import { consoleReporter } from './console-reporter.js';
import { exitCodes } from './exit.js';
import { ingestSummary, waitingLines } from './ingest-summary.js';
import { wholeNumber } from './number-options.js';
import { printJson, printLine, printNote } from './output.js';
import { tellRuns } from './ingest-runs.js';
import { stopAtInterrupt } from './stop-at-interrupt.js';
import { localOperator } from '../domain/viewer.js';

interface Options extends Omit<SourceIngestOptions, 'signal' | 'sourceName'> {
  readonly data?: string;
  readonly json?: boolean;
  readonly source?: string;
  readonly status?: boolean;
  readonly cancel?: string;
}

export function ingestCommand(): Command {
  const what =
    'a .jsonl file (or a JSON array), a folder of images with captions beside them (NAME.txt or NAME.json), articles in JATS XML, or DICOM files';
  return new Command('ingest')
    .description('reads figures, embeds and stores them; safe to stop and to run again')
    .argument('[source...]', what)
    .addOption(new Option('--format <format>').choices(sourceFormats).default('auto'))
    .option('--limit <n>', 'stop after n records of each source', wholeNumber)
    .option(
      '--split-panels',
      'cut compound figures into their panels, by the letters of their captions (default: of articles)',
    )
    .option('--no-split-panels', 'keep compound figures whole, unless their records name panels')
    .option('--only-new', 'pass over records that are stored, without looking whether they changed: takes faults again')
    .option('--prune', 'after reading all of a source, remove its figures whose records it has no more')
    .option('--dry-run', 'read and check, store nothing')
    .option('--source <name>', 'the source of the records (default: the one that the path had before, or its name)')
    .option('--restore-deleted', 'take records again whose figures were deleted, into their collections')
    .option('--status', 'tell how far the runs are, the latest first, and take nothing')
    .option('--cancel <run>', 'ask a run of any process to end after the figures in hand')
    .option('--json', 'print one JSON document a source')
    .action(async (sources: string[], _options, command: Command) => {
      const options = command.optsWithGlobals<Options>();
      if (options.status === true || options.cancel !== undefined) await tellRuns(options);
      else if (sources.length > 0) await ingestAll(sources, options);
      else command.error('Expected a source, --status or --cancel, but received none');
    });
}

async function ingestAll(
  sources: readonly string[],
  { data, json, source: sourceName, ...rest }: Options,
): Promise<void> {
  const signal = stopAtInterrupt('Stopping after the figures in hand; once more stops at once');
  const config = loadConfig({ data });
  await withSourceIngest(config, async (ingest) => {
    for (const source of sources) {
      if (signal.aborted) break;
      const report = await ingest.run(localOperator, source, { ...rest, sourceName, signal }, consoleReporter);
      const howToList = report.runId === null ? null : advice(`faults --run ${report.runId}`, config.data);
      if (json === true) printJson({ source, ...report });
      else for (const line of ingestSummary(source, report, howToList)) printLine(line);
      if (report.rejected > 0) process.exitCode = exitCodes.someRejected;
    }
    if (signal.aborted) {
      printNote('Stopped; what was counted is stored, and the same command goes on from there');
      process.exitCode = exitCodes.interrupted;
    }
    if (rest.dryRun === true) return;
    const howToCompare = advice('duplicates --compare', config.data);
    for (const line of waitingLines(await ingest.finish(signal, consoleReporter), howToCompare)) printNote(line);
  });
}
