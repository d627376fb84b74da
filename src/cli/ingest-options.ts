import { Command, Option } from 'commander';
import type { SourceIngestOptions } from '../app/source-ingest.js';
import { sourceFormats } from '../app/source-formats.js';
import { texts, wholeNumber } from './number-options.js';

export interface IngestCommandOptions extends Omit<SourceIngestOptions, 'signal' | 'sourceName' | 'screening'> {
  readonly data?: string;
  readonly json?: boolean;
  readonly source?: string;
  readonly query?: string;
  readonly yes?: boolean;
  readonly status?: boolean;
  readonly cancel?: string;
  readonly compare?: boolean;
  readonly articleType?: readonly string[];
  readonly license?: readonly string[];
  readonly words?: readonly string[];
}

/** `figseek ingest` with its options, but for what it does. */
export function newIngestCommand(): Command {
  const what =
    'a .jsonl file (or a JSON array), a folder of images with captions beside them (NAME.txt or NAME.json), articles in JATS XML, PDFs, parquet files, DICOM files, or pmc:PMC8253867 for an article of PubMed Central';
  return new Command('ingest')
    .description('reads figures, embeds and stores them; safe to stop and to run again')
    .argument('[source...]', what)
    .addOption(new Option('--format <format>').choices(sourceFormats).default('auto'))
    .option('--query <query>', 'the open-access articles that Europe PMC finds; their number is told first')
    .option('--yes', 'take all articles that the query finds, and do not ask')
    .option(
      '--article-type <types>',
      'of articles, only those of these types, for example case-report,research-article',
      texts,
    )
    .option('--license <codes>', 'of articles, only figures with these licenses, for example CC-BY,CC0', texts)
    .option('--words <words>', 'of articles, only figures whose caption or mentions have one of these words', texts)
    .option('--limit <n>', 'stop after n records of each source', wholeNumber)
    .option(
      '--split-panels',
      'cut compound figures into their panels, by the letters of their captions (default: of articles)',
    )
    .option('--no-split-panels', 'keep compound figures whole, unless their records name panels')
    .option(
      '--only-new',
      'pass over records that are stored, without looking whether they changed: tries again what was rejected',
    )
    .option('--prune', 'after reading all of a source, remove its figures whose records it no longer has')
    .option('--no-compare', 'leave the search for copied pictures to a server, or to figseek duplicates --compare')
    .option('--dry-run', 'read and check, store nothing')
    .option('--source <name>', 'the source of the records (default: the one that the path had before, or its name)')
    .option('--restore-deleted', 'take records again whose figures were deleted, into their collections')
    .option('--status', 'tell how far runs are (those of the named sources, else the latest), and read nothing')
    .option('--cancel <run>', 'ask a run of any process to end after the figures in hand')
    .option('--json', 'print one JSON document a source');
}

/** What of the options goes to each source. */
export function toSourceOptions(
  { format, limit, source, restoreDeleted, splitPanels, onlyNew, prune, dryRun, ...rest }: IngestCommandOptions,
  signal: AbortSignal,
): SourceIngestOptions {
  const { articleType: articleTypes, license: licenses, words } = rest;
  const isScreened = [articleTypes, licenses, words].some((list) => list !== undefined);
  const screening = isScreened ? { articleTypes, licenses, words } : null;
  const taking = { restoreDeleted, splitPanels, onlyNew, prune, dryRun };
  return { format, limit, sourceName: source, ...taking, screening, signal };
}
