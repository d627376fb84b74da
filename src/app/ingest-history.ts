import path from 'node:path';
import { IngestRunRepository, type IngestFault, type IngestRun } from '../adapters/sqlite/ingest-run.repository.js';
import { SourceRepository } from '../adapters/sqlite/source.repository.js';
import { FigseekError } from '../domain/errors.js';
import type { SeqPage } from '../domain/page.js';
import type { Advise } from '../models/advise.js';
import { advice } from './advice.js';
import { withDatabase } from './command-context.js';
import type { Config } from './config.js';

/** Runs that are looked through for a source. */
const searchedRuns = 1000;

/** What earlier ingests did, and what they did not take. */
export class IngestHistory {
  constructor(
    private readonly stored: Pick<IngestRunRepository, 'page' | 'find' | 'faults'>,
    private readonly sources: Pick<SourceRepository, 'inputOf'>,
    private readonly advise: Advise,
  ) {}

  /** The latest first. @param after the number behind which the page begins; 0 for the first page */
  runs(after: number, first: number): Promise<SeqPage<IngestRun>> {
    return this.stored.page(after, first);
  }

  /** In the order in which they were read. @param after as for `runs` */
  faults(runId: string, after: number, first: number): Promise<SeqPage<IngestFault>> {
    return this.stored.faults(runId, after, first);
  }

  /** @throws {FigseekError} NOT_FOUND */
  async run(id: string): Promise<IngestRun> {
    const run = await this.stored.find(id);
    if (run !== null) return run;
    throw new FigseekError('NOT_FOUND', `There is no run ${id}; ${this.advise('faults')} lists the runs`);
  }

  /** @param source the path that was read, or the name of its source @throws {FigseekError} NOT_FOUND */
  async lastRunOf(source: string): Promise<IngestRun> {
    const wanted = (await this.sources.inputOf(source)) ?? source;
    const { items } = await this.stored.page(0, searchedRuns);
    const run = items.find((one) => one.source === wanted || one.source === path.resolve(wanted));
    if (run !== undefined) return run;
    throw new FigseekError('NOT_FOUND', `No run has read ${wanted}; ${this.advise('faults')} lists the runs`);
  }
}

/** Runs `work` over the database of the configured data folder. */
export function withIngestHistory<Result>(
  config: Config,
  work: (history: IngestHistory) => Promise<Result>,
): Promise<Result> {
  return withDatabase(config, (database) => {
    const advise: Advise = (command) => advice(command, config.data);
    return work(new IngestHistory(new IngestRunRepository(database), new SourceRepository(database), advise));
  });
}
