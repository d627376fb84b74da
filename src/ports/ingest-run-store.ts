import type { IngestCounts, IngestFault, IngestRun, IngestState } from '../domain/ingest-run.js';
import type { SeqPage } from '../domain/page.js';

/** What each ingest did. */
export abstract class IngestRunStore {
  /** Begins a run; one of the same source that a crash left RUNNING is closed as FAILED. @returns its id */
  abstract begin(source: string): Promise<string>;

  /** @param counts of the whole run so far @param faults those since the last call */
  abstract record(id: string, state: IngestState, counts: IngestCounts, faults: readonly IngestFault[]): Promise<void>;

  /** Whether a run of the source came to its end. */
  abstract isDone(source: string): Promise<boolean>;

  /** True when nothing but `source` was ever taken in, and no run of it came to its end. */
  abstract isOnlyRunAndIncomplete(source: string): Promise<boolean>;

  /** The latest first. @param after the number behind which the page begins; 0 for the first page */
  abstract page(after: number, first: number): Promise<SeqPage<IngestRun>>;

  abstract find(id: string): Promise<IngestRun | null>;

  /** What a run did not take, in the order in which it was read. @param after as for `page` */
  abstract faults(id: string, after: number, first: number): Promise<SeqPage<IngestFault>>;
}
