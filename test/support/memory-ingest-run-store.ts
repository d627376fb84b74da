import {
  leftOutCodes,
  lostProcess,
  type IngestFault,
  type IngestRun,
  type IngestState,
} from '../../src/domain/ingest-run.js';
import { toPage, type SeqPage } from '../../src/domain/page.js';
import { IngestRunStore, type RunProgress } from '../../src/ports/ingest-run-store.js';

const nothing = { read: 0, added: 0, updated: 0, unchanged: 0, rejected: 0, removed: 0 };

/** Runs in memory. */
export class MemoryIngestRunStore extends IngestRunStore {
  private readonly runs: IngestRun[] = [];
  private readonly faultsOf = new Map<string, IngestFault[]>();

  private readonly keysOf = new Map<string, Set<string>>();
  private readonly cancelled = new Set<string>();
  private readonly lost = new Set<string>();

  async begin(source: string, total: number | null = null): Promise<string> {
    for (const { id, state, source: other } of [...this.runs]) {
      if (other === source && state === 'RUNNING' && this.lost.has(id))
        this.change(id, { state: 'FAILED', failure: lostProcess, endedAt: new Date() });
    }
    const id = `run_${this.runs.length + 1}`;
    const run = { id, source, state: 'RUNNING' as const, failure: null, ...nothing, total, leftOut: 0 };
    this.runs.push({ ...run, startedAt: new Date(), endedAt: null });
    return Promise.resolve(id);
  }

  record(id: string, state: IngestState, { counts, faults, keys, failure }: RunProgress) {
    this.keysOf.set(id, new Set([...this.readBy(id), ...keys]));
    const all = [...(this.faultsOf.get(id) ?? []), ...faults];
    this.faultsOf.set(id, all);
    const onPurpose: readonly string[] = Object.values(leftOutCodes);
    const { read, added, updated, unchanged, rejected, removed } = counts;
    this.change(id, {
      ...{
        state,
        failure: failure ?? null,
        read,
        added,
        updated,
        unchanged,
        rejected,
        removed,
        ...this.totalOf(id, read),
      },
      leftOut: all.filter(({ code }) => onPurpose.includes(code)).length,
      endedAt: state === 'RUNNING' ? null : new Date(),
    });
    if (state !== 'RUNNING') this.keysOf.delete(id);
    return Promise.resolve({ isCancelRequested: this.cancelled.has(id) });
  }

  keysRead(id: string, keys: readonly string[]): Promise<ReadonlySet<string>> {
    const own = this.readBy(id);
    return Promise.resolve(new Set(keys.filter((key) => own.has(key))));
  }

  /** Keys that a running ingest has read. */
  readBy(id: string): ReadonlySet<string> {
    return this.keysOf.get(id) ?? new Set();
  }

  /** As if the process of a run had been killed. */
  lose(id: string): Promise<void> {
    this.lost.add(id);
    return Promise.resolve();
  }

  /** Its process is this one. */
  keepAlive(): Promise<void> {
    return Promise.resolve();
  }

  requestCancel(id: string): Promise<boolean> {
    const isRunning = !this.lost.has(id) && this.runs.some((run) => run.id === id && run.state === 'RUNNING');
    if (isRunning) this.cancelled.add(id);
    return Promise.resolve(isRunning);
  }

  isDone(source: string): Promise<boolean> {
    return Promise.resolve(this.runs.some((run) => run.source === source && run.state === 'DONE'));
  }

  isOnlyRunAndIncomplete(source: string): Promise<boolean> {
    const isOf = (run: IngestRun) => run.source === source && run.state !== 'DONE';
    return Promise.resolve(this.runs.length > 0 && this.runs.every(isOf));
  }

  page(after: number, first: number): Promise<SeqPage<IngestRun>> {
    const latestFirst = this.runs.map((run, i) => ({ ...run, seq: i + 1 })).reverse();
    return Promise.resolve(
      toPage(
        latestFirst.filter(({ seq }) => after === 0 || seq < after),
        first,
      ),
    );
  }

  find(id: string): Promise<IngestRun | null> {
    return Promise.resolve(this.runs.find((run) => run.id === id) ?? null);
  }

  faults(id: string, after: number, first: number): Promise<SeqPage<IngestFault>> {
    const numbered = (this.faultsOf.get(id) ?? []).map((fault, i) => ({ ...fault, seq: i + 1 }));
    return Promise.resolve(
      toPage(
        numbered.filter(({ seq }) => seq > after),
        first,
      ),
    );
  }

  private totalOf(id: string, read: number): Partial<IngestRun> {
    const total = this.runs.find((run) => run.id === id)?.total ?? null;
    return total === null ? {} : { total: Math.max(total, read) };
  }

  private change(id: string, changes: Partial<IngestRun>): void {
    const place = this.runs.findIndex((run) => run.id === id);
    const before = this.runs[place];
    if (before !== undefined) this.runs[place] = { ...before, ...changes };
  }
}
