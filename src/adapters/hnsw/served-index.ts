import { messageOf } from '../../domain/errors.js';
import type { CorpusState } from '../../domain/corpus-state.js';
import { vectorKinds, type VectorKind } from '../../domain/search.js';
import { vectorChunks, type EmbeddingSource } from '../../ports/embedding-source.js';
import type { FigureFilters } from '../../ports/figure-filters.js';
import type { PanelDirectory } from '../../ports/panel-directory.js';
import type { EngineName } from './engine.js';
import { buildGeneration, type BuildResult, type Space } from './generation-builder.js';
import { GenerationCatalog } from './generation-catalog.js';
import { IndexSnapshot } from './index-snapshot.js';
import type { Manifest } from './manifest.js';
import { WorkerPool } from './workers/worker-pool.js';

/** How often a search looks for a generation that another process made. */
const newerEveryMs = 5000;

export interface HnswVectorIndexOptions {
  /** The folder of this space's generations. */
  readonly home: string;
  readonly engine: EngineName;
  /** Told what went wrong where search goes on all the same: an unfit generation, a build that failed. */
  readonly onProblem: (message: string) => void;
}

/** What an index is made from, and what it asks about panels and filters. */
export interface IndexSources {
  readonly embeddings: EmbeddingSource;
  readonly panels: PanelDirectory;
  readonly filters: Pick<FigureFilters, 'allowedFigures'>;
}

/** The generation that answers, with what was committed since: opened, kept up to date, rebuilt and replaced. */
export class ServedIndex {
  private served: IndexSnapshot | null = null;
  private opening: Promise<IndexSnapshot> | null = null;
  private building: Promise<Manifest | null> | null = null;
  private syncing: Promise<void> = Promise.resolve();
  private workers: WorkerPool | null = null;
  private readonly closing = new AbortController();
  private readonly catalog: GenerationCatalog;
  private lookedForNewerAt = 0;
  private isReloading = false;

  constructor(
    private readonly space: Space,
    private readonly sources: IndexSources,
    private readonly options: HnswVectorIndexOptions,
  ) {
    this.catalog = new GenerationCatalog(options.home, space, sources.embeddings, options.onProblem);
  }

  /** Makes and serves a new generation; a call during a build joins it. */
  build(): Promise<Manifest | null> {
    this.building ??= this.rebuild().finally(() => (this.building = null));
    return this.building;
  }

  async ensureBuilt(): Promise<boolean> {
    const needsBuild = await this.upToDate(undefined, (served) =>
      Promise.all(vectorKinds.map((kind) => this.needsRebuild(served, kind))),
    );
    if (!needsBuild.includes(true)) return false;
    await this.build();
    return true;
  }

  /** Ends a build that is under way: it can be made again from SQL at any time. */
  async close(): Promise<void> {
    this.closing.abort();
    await this.building?.catch(() => undefined);
    await this.opening?.catch(() => undefined);
    await this.workers?.close();
  }

  /** Works with what is served, after it has taken in what was committed. @param state absent: up to now */
  async upToDate<T>(state: CorpusState | undefined, work: (served: IndexSnapshot) => Promise<T>): Promise<T> {
    const asOf = state ?? (await this.sources.embeddings.corpusState());
    return this.withSnapshot(async (served) => {
      await this.update(served, asOf);
      return work(served);
    });
  }

  /** Reads what was committed since, by this process or another one, into the delta. */
  async update(served: IndexSnapshot, state: CorpusState): Promise<void> {
    void this.reload();
    await this.sources.panels.update(state);
    if (state.lastEmbedding <= served.syncedTo) return;
    const synced = this.syncing.then(() => this.sync(served, state));
    this.syncing = synced.catch(() => undefined);
    await synced;
  }

  private async sync(served: IndexSnapshot, state: CorpusState): Promise<void> {
    if (state.lastEmbedding <= served.syncedTo) return;
    for (const kind of vectorKinds) {
      const { delta } = served.kinds[kind];
      for await (const chunk of vectorChunks(this.sources.embeddings, this.space.version, kind, delta.lastSeq)) {
        for (const stored of chunk) served.append(kind, stored);
      }
      if (delta.size > maxDelta(served, kind)) this.scheduleRebuild();
    }
    served.syncedTo = Math.max(served.syncedTo, state.lastEmbedding);
  }

  /** What is served now stays open until the work is done. */
  async withSnapshot<T>(work: (served: IndexSnapshot) => Promise<T>): Promise<T> {
    const served = await this.current();
    // Another generation may take over while this one is asked for.
    return served.isClosed ? this.withSnapshot(work) : served.acquire(work);
  }

  /** None is served though there are vectors; or the delta is large; or a fifth of what is served was deleted since. */
  private async needsRebuild(served: IndexSnapshot, kind: VectorKind): Promise<boolean> {
    const stored = await this.sources.embeddings.count(this.space.version, kind);
    if (served.manifest === null) return stored > 0;
    const dead = served.count(kind) - stored;
    return served.kinds[kind].delta.size > maxDelta(served, kind) || dead > Math.max(1000, stored / 5);
  }

  private async current(): Promise<IndexSnapshot> {
    if (this.served !== null) return this.served;
    this.opening ??= this.openLatest();
    return this.opening;
  }

  private async openLatest(): Promise<IndexSnapshot> {
    const opened = await this.catalog.openLatest('', (generation) => this.openSnapshot(generation));
    return (this.served = opened ?? IndexSnapshot.empty(this.space.dimensions));
  }

  private openSnapshot(generation: BuildResult): Promise<IndexSnapshot> {
    return IndexSnapshot.open(this.pool, generation, this.sources.embeddings);
  }

  private scheduleRebuild(): void {
    if (this.building !== null) return;
    this.build().catch((error: unknown) => {
      if (this.closing.signal.aborted) return;
      this.options.onProblem(`No new index generation could be built: ${messageOf(error)}`);
    });
  }

  private async rebuild(): Promise<Manifest | null> {
    const { home, engine } = this.options;
    const { signal } = this.closing;
    const published = await buildGeneration(home, this.space, this.sources.embeddings, { engine, signal });
    if (published === null) return null;
    await this.serve(published);
    return published.manifest;
  }

  private async serve(published: BuildResult): Promise<void> {
    const before = await this.current();
    const next = await this.openSnapshot(published);
    // A search under way has found panels that are newer than the generation: it goes on with this one.
    await this.sync(next, await this.sources.embeddings.corpusState());
    this.served = next;
    await before.close();
  }

  /** Another process (`figseek index build`, an ingest) may have published since: its generation takes over. */
  private async reload(): Promise<void> {
    if (this.isReloading || this.building !== null || Date.now() - this.lookedForNewerAt < newerEveryMs) return;
    this.isReloading = true;
    this.lookedForNewerAt = Date.now();
    try {
      const served = (await this.current()).manifest?.generation ?? '';
      await this.catalog.openLatest(served, (generation) => this.serve(generation));
    } finally {
      this.isReloading = false;
    }
  }

  /** Started with the first index: a command that searches nothing starts no thread. */
  get pool(): WorkerPool {
    return (this.workers ??= new WorkerPool());
  }
}

/** Past this a generation is built: a tenth of what is published, since a build takes its time and a scan of the delta its own. */
function maxDelta(served: IndexSnapshot, kind: VectorKind): number {
  return Math.min(100_000, Math.max(5000, (served.kinds[kind].segment?.entry.count ?? 0) / 10));
}
