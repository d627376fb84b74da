import path from 'node:path';
import { LRUCache } from 'lru-cache';
import { FigseekError } from '../domain/errors.js';
import type { IngestFault, IngestRun } from '../domain/ingest-run.js';
import type { SeqPage } from '../domain/page.js';
import type { Advise } from '../domain/advise.js';
import type { Viewer } from '../domain/viewer.js';
import type { IngestRunStore } from '../ports/ingest-run-store.js';
import type { SourceStore } from '../ports/source-store.js';
import { watchChanges, watchEveryMs } from '../platform/watch-changes.js';

/** Runs that are looked through for a source. */
const searchedRuns = 1000;

/** What earlier ingests did, and what they did not take. */
export class IngestHistory {
  private readonly watched = new LRUCache<string, Promise<IngestRun>>({ max: 1000, ttl: 0.8 * watchEveryMs });

  constructor(
    private readonly stored: Pick<IngestRunStore, 'page' | 'find' | 'faults' | 'requestCancel'>,
    private readonly sources: Pick<SourceStore, 'inputOf'>,
    private readonly advise: Advise,
  ) {}

  /** The latest first. @param after the number behind which the page begins; 0 for the first page */
  runs(_viewer: Viewer, after: number, first: number): Promise<SeqPage<IngestRun>> {
    return this.stored.page(after, first);
  }

  find(_viewer: Viewer, id: string): Promise<IngestRun | null> {
    return this.stored.find(id);
  }

  /** In the order in which they were read. @param after as for `runs` */
  faults(_viewer: Viewer, runId: string, after: number, first: number): Promise<SeqPage<IngestFault>> {
    return this.stored.faults(runId, after, first);
  }

  /** @throws {FigseekError} NOT_FOUND */
  async run(viewer: Viewer, id: string): Promise<IngestRun> {
    const run = await this.find(viewer, id);
    if (run !== null) return run;
    throw new FigseekError('NOT_FOUND', `There is no run ${id.slice(0, 60)}; ${this.advise('faults')} lists the runs`);
  }

  /**
   * A run as it is now, then again after changes until it has ended.
   * @param signal ends the stream
   * @throws {FigseekError} NOT_FOUND, with the first event
   */
  watch(viewer: Viewer, id: string, signal: AbortSignal): AsyncGenerator<IngestRun> {
    return watchChanges(() => this.recent(viewer, id), signal);
  }

  /** All who watch a run share one look at it. */
  private recent(viewer: Viewer, id: string): Promise<IngestRun> {
    const known = this.watched.get(id);
    if (known !== undefined) return known;
    const reading = this.run(viewer, id);
    this.watched.set(id, reading);
    return reading;
  }

  /**
   * Asks a run to end after the figures in hand.
   * @returns the run, which may go on for a batch
   * @throws {FigseekError} NOT_FOUND; CONFLICT where it has ended
   */
  async cancel(viewer: Viewer, id: string): Promise<IngestRun> {
    const run = await this.run(viewer, id);
    if (await this.stored.requestCancel(id)) return run;
    throw new FigseekError('CONFLICT', `The run ${id} has ended: it is ${run.state}`);
  }

  /** @param source the path that was read, or the name of its source @throws {FigseekError} NOT_FOUND */
  async lastRunOf(_viewer: Viewer, source: string): Promise<IngestRun> {
    const wanted = (await this.sources.inputOf(source)) ?? source;
    const { items } = await this.stored.page(0, searchedRuns);
    const run = items.find((one) => one.source === wanted || one.source === path.resolve(wanted));
    if (run !== undefined) return run;
    throw new FigseekError('NOT_FOUND', `No run has read ${wanted}; ${this.advise('faults')} lists the runs`);
  }
}
