import path from 'node:path';
import { Command, Option } from 'commander';
import { loadConfig } from '../app/config.js';
import { type IngestReport } from '../corpus/ingest.js';
import { openSource, type SourceFormat } from '../adapters/sources/open-source.js';
import { ActiveModel } from '../app/active-model.js';
import { advice } from '../app/advice.js';
import { withApp } from '../app/command-context.js';
import { exitCodes } from './exit.js';
import { ingestSummary } from './ingest-summary.js';
import { printJson, printLine, printNote } from './output.js';
import { withProgress } from './progress.js';
import { wholeNumber } from './number-options.js';

interface Options {
  readonly data?: string;
  readonly format: SourceFormat;
  readonly limit?: number;
  readonly dryRun?: boolean;
  readonly json?: boolean;
  readonly source?: string;
  readonly restoreDeleted?: boolean;
}

export function ingestCommand(): Command {
  return new Command('ingest')
    .description('reads figures, embeds and stores them; safe to stop and to run again')
    .argument(
      '<source...>',
      'a .jsonl file (or a JSON array), or a folder of images with captions beside them (NAME.txt or NAME.json)',
    )
    .addOption(new Option('--format <format>').choices(['auto', 'jsonl', 'folder']).default('auto'))
    .option('--limit <n>', 'stop after n records of each source', wholeNumber)
    .option('--dry-run', 'read and check, store nothing')
    .option(
      '--source <name>',
      'the source that the records belong to (default: the one that the path had before, or its name)',
    )
    .option('--restore-deleted', 'take records again whose figures were deleted, into their collections')
    .option('--json', 'print one JSON document a source')
    .action(async (sources: string[], _options, command: Command) => {
      await ingest(sources, command.optsWithGlobals<Options>());
    });
}

async function ingest(sources: readonly string[], options: Options): Promise<void> {
  const signal = stopAtInterrupt();
  await withApp(loadConfig({ data: options.data }), async (core) => {
    for (const source of sources) {
      if (signal.aborted) break;
      const opened = await openSource(source, options.format);
      const total = Math.min(options.limit ?? Infinity, await opened.count());
      const report = await withProgress(path.basename(source), total, (at) =>
        core.get(ActiveModel).current.ingest.run(opened.items, {
          source: path.resolve(source),
          ...(options.limit === undefined ? {} : { limit: options.limit }),
          ...(options.source === undefined ? {} : { sourceName: options.source }),
          ...(options.restoreDeleted === true ? { restoreDeleted: true } : {}),
          ...(options.dryRun === true ? { dryRun: true } : {}),
          signal,
          onProgress: ({ read }) => {
            at(read);
          },
        }),
      );
      if (options.json === true) printJson({ source, ...report });
      else for (const line of ingestSummary(source, report, howToList(report, options))) printLine(line);
      if (report.rejected > 0) process.exitCode = exitCodes.someRejected;
    }
    if (signal.aborted) {
      printNote('Stopped; what was counted is stored, and the same command goes on from there');
      process.exitCode = exitCodes.interrupted;
    }
    if (options.dryRun !== true) await core.get(ActiveModel).current.space.ensureBuilt();
  });
}

/** Ctrl-C and SIGTERM end the run after the batch in hand, a second one at once. */
function stopAtInterrupt(): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(exitCodes.interrupted);
      controller.abort();
      printNote('Stopping after the figures in hand; once more stops at once');
    });
  }
  return controller.signal;
}

function howToList({ runId }: IngestReport, { data }: Options): string | null {
  return runId === null ? null : advice(`faults --run ${runId}`, loadConfig({ data }).data);
}
