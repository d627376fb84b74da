import { lostAfterMs, type IngestCounts, type IngestFault, type IngestState } from '../domain/ingest-run.js';
import type { IngestRunStore, RunProgress } from '../ports/ingest-run-store.js';

const aliveEveryMs = 10_000;

/** What is kept of one run while it goes on; of a dry run nothing, and its keys are in memory. */
export class RunRecord {
  /** Keys that were read and are not written yet. */
  private readonly keys = new Set<string>();
  private readonly timer: NodeJS.Timeout | null;
  private isAsked = false;
  private lastTick = Date.now();
  private longestGapMs = 0;

  private constructor(
    private readonly runs: Pick<IngestRunStore, 'record' | 'keysRead' | 'keepAlive'>,
    readonly id: string | null,
  ) {
    this.timer =
      id === null
        ? null
        : setInterval(() => {
            this.tick();
            // A database that is busy now is asked again.
            runs.keepAlive(id).catch(() => undefined);
          }, aliveEveryMs);
    this.timer?.unref();
  }

  static async begin(
    runs: Pick<IngestRunStore, 'begin' | 'record' | 'keysRead' | 'keepAlive'>,
    source: string,
    { total, isDry }: { readonly total: number | null; readonly isDry: boolean },
  ): Promise<RunRecord> {
    return new RunRecord(runs, isDry ? null : await runs.begin(source, total));
  }

  /** Whether somebody asked for the end of the run, as it was last known. */
  get isCancelRequested(): boolean {
    return this.isAsked;
  }

  /** Whether the process stood still so long that another run may have taken this one for dead, and its keys away. */
  get wasSuspended(): boolean {
    this.tick();
    return this.longestGapMs > lostAfterMs;
  }

  private tick(): void {
    const now = Date.now();
    this.longestGapMs = Math.max(this.longestGapMs, now - this.lastTick);
    this.lastTick = now;
  }

  /** @returns the keys that the run had read before */
  async markRead(keys: readonly string[]): Promise<ReadonlySet<string>> {
    const known = keys.filter((key) => this.keys.has(key));
    for (const key of keys) this.keys.add(key);
    // Only looked at here: to write would wait for the batch that is being stored.
    return new Set([...known, ...(this.id === null ? [] : await this.runs.keysRead(this.id, keys))]);
  }

  /** @param faults those since the last call */
  async keep(counts: IngestCounts, faults: readonly IngestFault[]): Promise<void> {
    await this.write('RUNNING', { counts, faults });
  }

  async end(
    state: Exclude<IngestState, 'RUNNING' | 'FAILED'>,
    counts: IngestCounts,
    faults: readonly IngestFault[],
  ): Promise<void> {
    await this.close(state, { counts, faults });
  }

  /** @param failure why, for a person */
  async fail(failure: string, counts: IngestCounts): Promise<void> {
    await this.close('FAILED', { counts, faults: [], failure });
  }

  private async close(state: IngestState, progress: Omit<RunProgress, 'keys'>): Promise<void> {
    if (this.timer !== null) clearInterval(this.timer);
    await this.write(state, progress);
  }

  private async write(state: IngestState, progress: Omit<RunProgress, 'keys'>): Promise<void> {
    if (this.id === null) return;
    const keys = [...this.keys];
    this.isAsked = (await this.runs.record(this.id, state, { ...progress, keys })).isCancelRequested;
    for (const key of keys) this.keys.delete(key);
  }
}
