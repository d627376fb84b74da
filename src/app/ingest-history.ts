import { IngestHistory } from '../corpus/ingest-history.js';
import { advice } from './advice.js';
import { withStores } from './command-context.js';
import type { Config } from './config.js';

/** Runs `work` over the database of the configured data folder. */
export function withIngestHistory<Result>(
  config: Config,
  work: (history: IngestHistory) => Promise<Result>,
): Promise<Result> {
  return withStores(config, ({ runs, sources }) =>
    work(new IngestHistory(runs, sources, (command) => advice(command, config.data))),
  );
}
