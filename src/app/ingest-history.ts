import { SqliteIngestRunStore } from '../adapters/sqlite/ingest-run-store.js';
import { SqliteSourceStore } from '../adapters/sqlite/source-store.js';
import { IngestHistory } from '../corpus/ingest-history.js';
import { advice } from './advice.js';
import { withDatabase } from './command-context.js';
import type { Config } from './config.js';

/** Runs `work` over the database of the configured data folder. */
export function withIngestHistory<Result>(
  config: Config,
  work: (history: IngestHistory) => Promise<Result>,
): Promise<Result> {
  return withDatabase(config, (database) => {
    const [runs, sources] = [new SqliteIngestRunStore(database), new SqliteSourceStore(database)];
    return work(new IngestHistory(runs, sources, (command) => advice(command, config.data)));
  });
}
