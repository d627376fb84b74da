import path from 'node:path';
import { messageOf } from '../../domain/errors.js';
import type { CorpusState } from '../../domain/corpus-state.js';
import { allowsAll, type FigureScope } from '../../domain/figure-scope.js';
import type { PanelId } from '../../domain/ids.js';
import type { ScoreStatistics } from '../../domain/score-statistics.js';
import { vectorKinds, type IndexedPanel, type RankedPanel, type VectorKind } from '../../domain/search.js';
import { validateUnitVector } from '../../domain/vector.js';
import { vectorChunks, type EmbeddingSource } from '../../ports/embedding-source.js';
import type { FigureFilters } from '../../ports/figure-filters.js';
import type { PanelDirectory } from '../../ports/panel-directory.js';
import {
  VectorIndex,
  type PanelVectors,
  type VectorAnswer,
  type VectorIndexStatus,
  type VectorQuery,
} from '../../ports/vector-index.js';
import { compareAll, type IndexComparison } from './compare-generation.js';
import type { EngineName } from './engine.js';
import { buildGeneration, type BuildResult, type Space } from './generation-builder.js';
import { GenerationCatalog } from './generation-catalog.js';
import { IndexSnapshot, type AllowedRowsOfKind } from './index-snapshot.js';
import type { Manifest } from './manifest.js';
import { nearestRows } from './nearest-rows.js';
import { measureRecall } from './recall.js';
import { findPairs, scoreRows, vectorOfRow } from './stored-vectors.js';
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

/** All vectors of one model version: published generation plus delta, kept up with SQL at each search. */
export class HnswVectorIndex extends VectorIndex {
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
    readonly space: Space,
    private readonly sources: IndexSources,
    private readonly options: HnswVectorIndexOptions,
  ) {
    super();
    this.catalog = new GenerationCatalog(options.home, space, sources.embeddings, options.onProblem);
  }

  async search(kind: VectorKind, vector: Float32Array, query: VectorQuery): Promise<VectorAnswer> {
    validateUnitVector(vector, this.space.dimensions, `the query vector for ${this.space.version}`);
    const { panels } = this.sources;
    return this.upToDate(query.asOf, async (served) => {
      const filter = await this.allowedRows(served, kind, query.scope ?? null);
      // Vectors deleted since the build are still in the files: ask for more until enough of them are alive.
      for (let wanted = query.k + 8; ; wanted *= 2) {
        const asked = { ...query, k: wanted, filter };
        const { neighbors, exact } = await nearestRows(this.pool, served, kind, vector, asked);
        const alive: (IndexedPanel & RankedPanel)[] = [];
        for (const { panel, score } of neighbors) {
          const found = panels.panel(panel);
          if (found === null) continue;
          const { panelId, figureId, imageKey } = found;
          alive.push({ panelId, figureId, imageKey, score });
        }
        if (alive.length >= query.k || neighbors.length < wanted) return { panels: alive.slice(0, query.k), exact };
      }
    });
  }

  async score(
    kind: VectorKind,
    vectors: readonly Float32Array[],
    panels: readonly PanelId[],
  ): Promise<ReadonlyMap<PanelId, Float32Array>> {
    return this.leased((served) => {
      const rows = this.rowsOf(served, kind, panels);
      return scoreRows(served, kind, vectors, rows);
    });
  }

  async vectorsOf(panelId: PanelId, asOf?: CorpusState): Promise<PanelVectors> {
    return this.upToDate(asOf, async (served) => {
      const [image, caption] = await Promise.all(
        vectorKinds.map((kind) => vectorOfRow(served, kind, this.rowsOf(served, kind, [panelId]).get(panelId) ?? null)),
      );
      return { IMAGE: image ?? null, CAPTION: caption ?? null };
    });
  }

  async panelsWith(kind: VectorKind, panels: readonly PanelId[]): Promise<ReadonlySet<PanelId>> {
    return this.leased((served) => Promise.resolve(new Set(this.rowsOf(served, kind, panels).keys())));
  }

  async findNearDuplicates(
    panels: readonly PanelId[],
    minCosine: number,
  ): Promise<readonly (readonly [first: number, second: number])[]> {
    if (panels.length < 2) return [];
    return this.leased((served) => {
      const rows = this.rowsOf(served, 'IMAGE', panels);
      return findPairs(
        this.pool,
        served,
        panels.map((panel) => rows.get(panel) ?? null),
        minCosine,
      );
    });
  }

  async scoreStatistics(kind: VectorKind): Promise<ScoreStatistics | null> {
    const { panels } = this.sources;
    return this.leased(async (served) => {
      const kept = served.keptStatistics(kind);
      if (kept !== null) return kept;
      await this.update(served, await this.sources.embeddings.corpusState());
      return served.scoreStatistics(kind, (panel) => panels.figureOf(panel) !== 0);
    });
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

  /** recall@10 of the served generation against exact search, with stored vectors as queries; null without a generation. */
  async recall(kind: VectorKind, sampleSize: number): Promise<number | null> {
    return this.leased(async ({ kinds }) => {
      const { segment } = kinds[kind];
      if (segment === null) return null;
      const queries: Float32Array[] = [];
      for (let i = 0; i < sampleSize; i++) {
        const from = Math.floor((segment.entry.lastSeq * i) / sampleSize);
        const [row] = await this.sources.embeddings.scan(this.space.version, kind, from, 1);
        if (row !== undefined) queries.push(row.vector);
      }
      return measureRecall(segment, queries);
    });
  }

  /** Every vector of the generation that answers beside the database; null without a generation. */
  async compare(): Promise<readonly IndexComparison[] | null> {
    return this.leased(async ({ manifest }) => {
      if (manifest === null) return null;
      const folder = path.join(this.options.home, manifest.generation);
      return compareAll({ folder, manifest }, this.sources.embeddings);
    });
  }

  async generation(): Promise<string | null> {
    return (await this.current()).manifest?.generation ?? null;
  }

  async status(): Promise<VectorIndexStatus> {
    return this.upToDate(undefined, async ({ manifest, kinds }) => ({
      generation: manifest?.generation ?? null,
      engine: manifest?.engine ?? this.options.engine,
      recall: manifest?.recall ?? null,
      indexed: await this.sources.embeddings.count(this.space.version, 'IMAGE'),
      delta: kinds.IMAGE.delta.size,
    }));
  }

  /** Ends a build that is under way: it can be made again from SQL at any time. */
  async close(): Promise<void> {
    this.closing.abort();
    await this.building?.catch(() => undefined);
    await this.opening?.catch(() => undefined);
    await this.workers?.close();
  }

  /** The row of each panel that exists and has a vector of the kind. */
  private rowsOf(served: IndexSnapshot, kind: VectorKind, panels: readonly PanelId[]): ReadonlyMap<PanelId, number> {
    const rows = new Map<PanelId, number>();
    for (const panelId of panels) {
      const number = this.sources.panels.numberOf(panelId);
      const row = number === null ? null : served.kinds[kind].rows.rowOf(number);
      if (row !== null) rows.set(panelId, row);
    }
    return rows;
  }

  private async allowedRows(
    served: IndexSnapshot,
    kind: VectorKind,
    scope: FigureScope | null,
  ): Promise<AllowedRowsOfKind | null> {
    if (scope === null || allowsAll(scope)) return null;
    const { panels, filters } = this.sources;
    return served.filter(kind, scope, () => filters.allowedFigures(scope), panels);
  }

  /** Works with what is served, after it has taken in what was committed. @param state absent: up to now */
  private async upToDate<T>(state: CorpusState | undefined, work: (served: IndexSnapshot) => Promise<T>): Promise<T> {
    const asOf = state ?? (await this.sources.embeddings.corpusState());
    return this.leased(async (served) => {
      await this.update(served, asOf);
      return work(served);
    });
  }

  /** Reads what was committed since, by this process or another one, into the delta. */
  private async update(served: IndexSnapshot, state: CorpusState): Promise<void> {
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
  private async leased<T>(work: (served: IndexSnapshot) => Promise<T>): Promise<T> {
    const served = await this.current();
    // Another generation may take over while this one is asked for.
    return served.isRetired ? this.leased(work) : served.acquire(work);
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
    await before.retire();
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
  private get pool(): WorkerPool {
    return (this.workers ??= new WorkerPool());
  }
}

/** Past this a generation is built: a tenth of what is published, since a build takes its time and a scan of the delta its own. */
function maxDelta(served: IndexSnapshot, kind: VectorKind): number {
  return Math.min(100_000, Math.max(5000, (served.kinds[kind].segment?.entry.count ?? 0) / 10));
}
