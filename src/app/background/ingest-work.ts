import { localOperator } from '../../domain/viewer.js';
import type { WorkReporter } from '../../ports/work-reporter.js';
import type { Config } from '../config.js';
import type { SourceIngestOptions } from '../source-ingest.js';
import { isPmcSource, parseSourceFormat } from '../source-formats.js';
import { withSourceIngest } from '../source-ingest-context.js';
import type { Work } from './messages.js';

/** Takes one source into the corpus. Its pictures are left for the server to compare. @returns null: all that is to be told stands in its run */
export async function ingestInBackground(
  config: Config,
  { source, format, sourceName }: Extract<Work, { kind: 'INGEST' }>,
  {
    reporter,
    signal,
    onBegin,
  }: {
    readonly reporter: WorkReporter;
    readonly signal: AbortSignal;
    readonly onBegin: (runId: string) => void;
  },
): Promise<null> {
  const options: SourceIngestOptions = {
    ...{ format: parseSourceFormat(format), signal, onBegin },
    ...(sourceName === null ? {} : { sourceName }),
  };
  return withSourceIngest(config, async (files, pmc) => {
    if (isPmcSource(source)) await pmc.runArticles(localOperator, [source], options, reporter);
    else await files.runFile(localOperator, source, options, reporter);
    await files.finish(signal, reporter, { compares: false });
    return null;
  });
}
