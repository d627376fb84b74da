import path from 'node:path';
import { FigseekError, messageOf } from '../../domain/errors.js';
import { vectorKinds, type IndexedPanel, type RankedPanel, type VectorKind } from '../../domain/search.js';
import { validateUnitVector } from '../../domain/vector.js';
import { assertEqual, compareAll, compareSample, type IndexComparison } from './compare-generation.js';
import type { EngineName } from './engine.js';
import { buildGeneration, listGenerations, type BuildResult, type Space } from './generation-builder.js';
import { manifestHash, readManifest, type Manifest } from './manifest.js';
import { nearestRows } from './nearest-rows.js';
import { measureRecall } from './recall.js';
import { IndexSnapshot, type ScoreStatistics, type AllowedIds } from './index-snapshot.js';
import { vectorChunks, type EmbeddingSource } from '../../ports/embedding-source.js';
import { WorkerPool } from './workers/worker-pool.js';

/** How often a search looks for a generation that another process made. */
const newerEveryMs = 5000;

export interface VectorQuery {
  readonly k: number;
  /** Compare with every vector in place of the approximate index. */
  readonly exact?: boolean;
  readonly filter?: AllowedIds | null;
  /** A search that was cancelled before its turn costs nothing. */
  readonly signal?: AbortSignal | undefined;
}

export interface VectorAnswer {
  /** Best first. */
  readonly panels: readonly (IndexedPanel & RankedPanel)[];
  /** Whether every vector that the filter allows was compared. */
  readonly exact: boolean;
}

export interface VectorIndexOptions {
  /** The folder of this space's generations. */
  readonly home: string;
  readonly engine: EngineName;
  /** Told what went wrong where search goes on all the same: an unfit generation, a build that failed. */
  readonly onProblem: (message: string) => void;
}

/** All vectors of one model version: published generation plus delta, kept up with SQL at each search. */
export class VectorIndex {
  private served: IndexSnapshot | null = null;
  private opening: Promise<IndexSnapshot> | null = null;
  private building: Promise<Manifest | null> | null = null;
  private workers: WorkerPool | null = null;
  private readonly closing = new AbortController();
  private readonly invalid = new Set<string>();
  private lookedForNewerAt = 0;

  constructor(
    readonly space: Space,
    private readonly source: EmbeddingSource,
    private readonly options: VectorIndexOptions,
  ) {}

  /** Opens the newest generation that fits; unfit ones are passed over, and SQL serves in their place. */
  async open(): Promise<void> {
    await this.current();
  }

  /** Panels nearest to a unit vector. @throws {FigseekError} BAD_USER_INPUT for a vector that is not of this space */
  async search(kind: VectorKind, vector: Float32Array, query: VectorQuery): Promise<VectorAnswer> {
    validateUnitVector(vector, this.space.dimensions, `the query vector for ${this.space.version}`);
    return this.leased(async (served) => {
      await this.refresh(served, kind);
      const filter = query.filter == null ? null : await served.filter(kind, query.filter);
      // Vectors deleted since the build are still in the files: ask for more until enough of them are alive.
      for (let wanted = query.k + 8; ; wanted *= 2) {
        const { neighbors, exact } = await nearestRows(this.pool, served, kind, vector, {
          ...query,
          k: wanted,
          filter,
        });
        const labels = neighbors.map(({ seq }) => seq);
        const panels = await this.source.panelsBySeq(kind, labels);
        const alive = neighbors.flatMap(({ seq, score }) => {
          const panel = panels.get(seq);
          return panel === undefined ? [] : [{ ...panel, score }];
        });
        if (alive.length >= query.k || neighbors.length < wanted) return { panels: alive.slice(0, query.k), exact };
      }
    });
  }

  /** What the stored vectors of a kind look like, for calibration; null where there are none. */
  async scoreStatistics(kind: VectorKind): Promise<ScoreStatistics | null> {
    return this.leased(async (served) => {
      if (served.segments[kind] === null) await this.refresh(served, kind);
      return served.scoreStatistics(kind, (seqs) => this.source.getByIds(seqs));
    });
  }

  /**
   * Panels with their stored vectors; those without one of this kind, or whose vector is gone, are left out. Vectors are
   * read from the generation's file, or are in the delta: SQL would give each as a new object through the event loop.
   */
  async vectorsOf<P extends Pick<IndexedPanel, 'labels'>>(
    kind: VectorKind,
    panels: readonly P[],
  ): Promise<readonly { readonly panel: P; readonly vector: Float32Array }[]> {
    const labelled = panels.flatMap((panel) => {
      const label = panel.labels[kind];
      return label === null ? [] : [{ panel, label }];
    });
    return this.leased(async (served) => {
      const segment = served.segments[kind];
      const delta = served.deltas[kind];
      if (labelled.some(({ label }) => label > delta.lastSeq)) await this.refresh(served, kind);
      const rows = labelled.map(({ label }) => segment?.rowOf(label) ?? null);
      const wanted = rows.filter((row) => row !== null);
      const read = this.sharedVectors(wanted.length);
      if (wanted.length > 0) await segment?.read(wanted, read);
      let at = 0;
      const { dimensions } = this.space;
      return labelled.flatMap(({ panel, label }, i) => {
        const isPublished = rows[i] !== null;
        const vector = isPublished ? read.subarray(at++ * dimensions, at * dimensions) : delta.vectorOf(label);
        return vector === null ? [] : [{ panel, vector }];
      });
    });
  }

  /** Pairs of vectors whose cosine is at least `least`, by index; the first before the second. */
  async findNearDuplicates(
    vectors: readonly Float32Array[],
    least: number,
  ): Promise<readonly (readonly [first: number, second: number])[]> {
    if (vectors.length < 2) return [];
    const { dimensions } = this.space;
    const matrix = this.sharedVectors(vectors.length);
    vectors.forEach((vector, row) => {
      matrix.set(vector, row * dimensions);
    });
    const { counts, rows } = await this.pool.run({ kind: 'pairs', vectors: matrix, dimensions, least });
    const pairs: [number, number][] = [];
    let at = 0;
    for (const [second, count] of counts.entries()) {
      for (const end = at + count; at < end; at++) pairs.push([rows[at] ?? 0, second]);
    }
    return pairs;
  }

  /** Makes and serves a new generation; a call during a build joins it. */
  build(): Promise<Manifest | null> {
    this.building ??= this.rebuild().finally(() => (this.building = null));
    return this.building;
  }

  /** Builds when there is none to serve, or too much has come or gone since; true when it built. */
  async ensureBuilt(): Promise<boolean> {
    const worn = await this.leased(async (served) => {
      await Promise.all(vectorKinds.map((kind) => this.refresh(served, kind)));
      return Promise.all(vectorKinds.map((kind) => this.needsRebuild(served, kind)));
    });
    if (!worn.includes(true)) return false;
    await this.build();
    return true;
  }

  /** recall@10 of the served generation against exact search, with stored vectors as queries; null without a generation. */
  async recall(kind: VectorKind, sampleSize: number): Promise<number | null> {
    return this.leased(async ({ segments }) => {
      const segment = segments[kind];
      if (segment === null) return null;
      const queries: Float32Array[] = [];
      for (let i = 0; i < sampleSize; i++) {
        const from = Math.floor((segment.entry.lastSeq * i) / sampleSize);
        const [row] = await this.source.scan(this.space.version, kind, from, 1);
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
      return compareAll({ folder, manifest }, this.source);
    });
  }

  /** Name of the generation that answers; null while all is in the delta. */
  async generation(): Promise<string | null> {
    return (await this.current()).manifest?.generation ?? null;
  }

  async status() {
    const served = await this.current();
    await this.refresh(served, 'IMAGE');
    const { manifest, deltas } = served;
    return {
      generation: manifest?.generation ?? null,
      engine: manifest?.engine ?? this.options.engine,
      recall: manifest?.recall ?? null,
      indexed: await this.source.count(this.space.version, 'IMAGE'),
      delta: deltas.IMAGE.size,
    };
  }

  /** Ends a build that is under way: it can be made again from SQL at any time. */
  async close(): Promise<void> {
    this.closing.abort();
    await this.building?.catch(() => undefined);
    await this.opening?.catch(() => undefined);
    await this.workers?.close();
  }

  /** Reads what was committed since, by this process or another one, into the delta. */
  private async refresh(served: IndexSnapshot, kind: VectorKind): Promise<void> {
    void this.reload();
    const delta = served.deltas[kind];
    if ((await this.source.lastSeq(this.space.version, kind)) <= delta.lastSeq) return;
    for await (const chunk of vectorChunks(this.source, this.space.version, kind, delta.lastSeq)) {
      for (const { seq, vector } of chunk) delta.append(seq, vector);
    }
    if (delta.size > maxDelta(served, kind)) this.scheduleRebuild();
  }

  /** What is served now stays open until the work is done. */
  private async leased<T>(work: (served: IndexSnapshot) => Promise<T>): Promise<T> {
    const served = await this.current();
    // Another generation took over between the two lines.
    return served.isRetired ? this.leased(work) : served.acquire(work);
  }

  /** None is served though there are vectors; or the delta is large; or a fifth of what is served was deleted since. */
  private async needsRebuild(served: IndexSnapshot, kind: VectorKind): Promise<boolean> {
    const stored = await this.source.count(this.space.version, kind);
    if (served.manifest === null) return stored > 0;
    const dead = served.count(kind) - stored;
    return served.deltas[kind].size > maxDelta(served, kind) || dead > Math.max(1000, stored / 5);
  }

  private async current(): Promise<IndexSnapshot> {
    if (this.served !== null) return this.served;
    this.opening ??= this.openLatest();
    return this.opening;
  }

  private async openLatest(): Promise<IndexSnapshot> {
    for (const name of await listGenerations(this.options.home)) {
      try {
        return (this.served = await IndexSnapshot.open(this.pool, await this.checked(name)));
      } catch (error) {
        this.skipInvalid(name, error);
      }
    }
    return (this.served = IndexSnapshot.empty(this.space.dimensions));
  }

  /** Unfit (cut, changed, another model's): an older one, or SQL alone, gives the same answers. */
  private skipInvalid(generation: string, error: unknown): void {
    this.invalid.add(generation);
    this.options.onProblem(`The index generation ${generation} is passed over: ${messageOf(error)}`);
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
    const published = await buildGeneration(home, this.space, this.source, { engine, signal: this.closing.signal });
    if (published === null) return null;
    await this.serve(published);
    return published.manifest;
  }

  private async serve(published: BuildResult): Promise<void> {
    const before = await this.current();
    this.served = await IndexSnapshot.open(this.pool, published);
    await before.retire();
  }

  /** Another process (`figseek index build`, an ingest) may have published since: its generation takes over. */
  private async reload(): Promise<void> {
    if (Date.now() - this.lookedForNewerAt < newerEveryMs || this.building !== null) return;
    this.lookedForNewerAt = Date.now();
    const names = await listGenerations(this.options.home);
    const served = (await this.current()).manifest?.generation ?? '';
    for (const newer of names.filter((name) => name > served && !this.invalid.has(name))) {
      try {
        await this.serve(await this.checked(newer));
        return;
      } catch (error) {
        this.skipInvalid(newer, error);
      }
    }
  }

  private async checked(generation: string): Promise<BuildResult> {
    const folder = path.join(this.options.home, generation);
    const manifest = await readManifest(folder, this.space.version, this.space.dimensions);
    const published = { folder, manifest };
    const known = await this.source.publishedGenerations(this.space.version);
    if (known.get(generation) === manifestHash(manifest)) {
      assertEqual(generation, await compareSample(published, this.source));
    } else {
      // Made by an older version of the program, from a copy of the database, or from a state that was taken back.
      // Labels that this database has not given yet will be those of other vectors.
      await this.assertLabelsGiven(manifest);
      assertEqual(generation, await compareAll(published, this.source));
      // Where another process writes for long, the next start compares once more.
      await this.source.recordGeneration(this.space.version, generation, manifestHash(manifest)).catch(() => undefined);
    }
    return published;
  }

  private async assertLabelsGiven(manifest: Manifest): Promise<void> {
    const last = Math.max(...vectorKinds.map((kind) => manifest.kinds[kind]?.lastSeq ?? 0));
    const given = await this.source.lastAssignedSeq();
    if (last <= given) return;
    throw new FigseekError(
      'INDEX_UNAVAILABLE',
      `${manifest.generation} was made from another state of the database: it goes to vector ${last}, the database to ${given}`,
    );
  }

  /** Zeros, float32 [count, dimensions], in memory that workers can fill and read. */
  private sharedVectors(count: number): Float32Array<SharedArrayBuffer> {
    return new Float32Array(new SharedArrayBuffer(count * this.space.dimensions * 4));
  }

  /** Started with the first index: a command that searches nothing starts no thread. */
  private get pool(): WorkerPool {
    return (this.workers ??= new WorkerPool());
  }
}

/** Past this a generation is built: a tenth of what is published, since a build takes its time and a scan of the delta its own. */
function maxDelta(served: IndexSnapshot, kind: VectorKind): number {
  return Math.min(100_000, Math.max(5000, (served.segments[kind]?.entry.count ?? 0) / 10));
}
