import type { IngestCounts, IngestFault, IngestRun, IngestState } from '../domain/ingest-run.js';
import type { SeqPage } from '../domain/page.js';

export interface RunProgress {
  /** Of the whole run so far. */
  readonly counts: IngestCounts;
  /** Those since the last call. */
  readonly faults: readonly IngestFault[];
  /** Keys of the records that were read since the last call. */
  readonly keys: readonly string[];
  /** Why it is FAILED; default: it is not. */
  readonly failure?: string;
}

/** What each ingest did. */
export abstract class IngestRunStore {
  /**
   * Begins a run; one of the same source whose process is gone is closed as FAILED.
   * @param total how many records there are; null (default): not known
   * @returns its id
   */
  abstract begin(source: string, total?: number | null): Promise<string>;

  /**
   * Keeps what a run has done so far. With its end, the keys that it read are forgotten.
   * @returns whether somebody asked for its end
   */
  abstract record(
    id: string,
    state: IngestState,
    progress: RunProgress,
  ): Promise<{ readonly isCancelRequested: boolean }>;

  /** Those of the keys that a running ingest has recorded as read. */
  abstract keysRead(id: string, keys: readonly string[]): Promise<ReadonlySet<string>>;

  /** Says that the process of a run is alive. */
  abstract keepAlive(id: string): Promise<void>;

  /** Asks a run to end after the batch in hand. @returns whether there is such a run that has not ended */
  abstract requestCancel(id: string): Promise<boolean>;

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
