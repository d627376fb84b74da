import { loadConfig } from '../app/config.js';
import { withIngestHistory } from '../app/ingest-history.js';
import { expectCorpus } from '../app/open-stores.js';
import { localOperator } from '../domain/viewer.js';
import { formatStatus } from './format-runs.js';
import { printJson, printLine } from './output.js';

/** Runs that a status tells of. */
const mostRuns = 10;

/**
 * Prints how far runs are; asks one to end, where it is named.
 * @param sources paths or names of sources, whose last runs are told; none: the latest runs of all
 */
export async function tellRuns(
  sources: readonly string[],
  options: {
    readonly data?: string;
    readonly json?: boolean;
    readonly cancel?: string;
  },
): Promise<void> {
  const config = loadConfig({ data: options.data });
  expectCorpus(config);
  await withIngestHistory(config, async (history) => {
    const { cancel, json } = options;
    if (cancel !== undefined) {
      const run = await history.cancel(localOperator, cancel);
      if (json === true) printJson({ run });
      else printLine(`${run.id} ends after the figures in hand; what is stored stays`);
      return;
    }
    const runs =
      sources.length === 0
        ? (await history.runs(localOperator, 0, mostRuns)).items
        : await Promise.all(sources.map((source) => history.lastRunOf(localOperator, source)));
    if (json === true) printJson({ runs });
    else for (const line of formatStatus(runs, new Date())) printLine(line);
  });
}
