import type { IngestCounts, IngestFault, IngestState } from '../domain/ingest-run.js';
import type { IngestRunStore } from '../ports/ingest-run-store.js';

const aliveEveryMs = 10_000;

/** What is kept of one run while it goes on; of a dry run nothing, and its keys are in memory. */
export class RunRecord {
  private readonly keys = new Set<string>();
  private readonly timer: NodeJS.Timeout | null;
  private isAsked = false;

  private constructor(
    private readonly runs: Pick<IngestRunStore, 'record' | 'markRead' | 'keepAlive'>,
    readonly id: string | null,
  ) {
    this.timer =
      id === null
        ? null
        : setInterval(() => {
            // A database that is busy now is asked again.
            runs.keepAlive(id).catch(() => undefined);
          }, aliveEveryMs);
    this.timer?.unref();
  }

  static async begin(
    runs: Pick<IngestRunStore, 'begin' | 'record' | 'markRead' | 'keepAlive'>,
    source: string,
    { total, isDry }: { readonly total: number | null; readonly isDry: boolean },
  ): Promise<RunRecord> {
    return new RunRecord(runs, isDry ? null : await runs.begin(source, total));
  }

  /** Whether somebody asked for the end of the run, as it was last known. */
  get isCancelRequested(): boolean {
    return this.isAsked;
  }

  /** @returns the keys that the run had read before */
  async markRead(keys: readonly string[]): Promise<ReadonlySet<string>> {
    if (this.id !== null) return this.runs.markRead(this.id, keys);
    const known = new Set(keys.filter((key) => this.keys.has(key)));
    for (const key of keys) this.keys.add(key);
    return known;
  }

  /** @param faults those since the last call */
  async keep(counts: IngestCounts, faults: readonly IngestFault[]): Promise<void> {
    await this.write('RUNNING', counts, faults);
  }

  async end(
    state: Exclude<IngestState, 'RUNNING'>,
    counts: IngestCounts,
    faults: readonly IngestFault[],
  ): Promise<void> {
    if (this.timer !== null) clearInterval(this.timer);
    await this.write(state, counts, faults);
  }

  private async write(state: IngestState, counts: IngestCounts, faults: readonly IngestFault[]): Promise<void> {
    if (this.id === null) return;
    this.isAsked = (await this.runs.record(this.id, state, counts, faults)).isCancelRequested;
  }
}
