import { LRUCache } from 'lru-cache';
import type { VectorKind } from '../../domain/search.js';
import { AppendableSegment } from './appendable-segment.js';
import type { BuildResult } from './generation-builder.js';
import type { Manifest } from './manifest.js';
import { toAllowedRows, type AllowedRows } from './allowed-rows.js';
import { Segment } from './segment.js';
import type { WorkerPool } from './workers/worker-pool.js';

/** Which vectors a search may find, by label. The store makes it from a figure filter. */
export interface AllowedIds {
  /** Two filters with one key allow the same labels: it names the condition and the state of the data. */
  readonly key: string;
  /** In ascending order. */
  labels(kind: VectorKind): Promise<ArrayLike<number>>;
}

export interface AllowedRowsOfKind {
  readonly segment: AllowedRows;
  readonly delta: AllowedRows;
}

/** What the vectors of one kind look like: where they lie, and some of them. */
export interface ScoreStatistics {
  /** Mean of all vectors. */
  readonly mean: Float32Array;
  /** Vectors spread evenly over the corpus. */
  readonly sample: readonly Float32Array[];
}

const sampleSize = 256;

/** Filters of 100,000 rows cost 12 KB each. */
const filterCacheSize = 64;

/** What answers now: a published generation (or none yet) with the vectors that came since. */
export class IndexSnapshot {
  private readonly filters = new LRUCache<string, Promise<AllowedRowsOfKind>>({ max: filterCacheSize });
  private readonly backgrounds = new Map<VectorKind, Promise<ScoreStatistics | null>>();
  private users = 0;
  private retired = false;

  private constructor(
    readonly manifest: Manifest | null,
    readonly segments: Readonly<Record<VectorKind, Segment | null>>,
    readonly deltas: Readonly<Record<VectorKind, AppendableSegment>>,
  ) {}

  /** No generation: everything is in the delta. */
  static empty(dimensions: number): IndexSnapshot {
    const delta = (): AppendableSegment => new AppendableSegment(dimensions, 0);
    return new IndexSnapshot(null, { IMAGE: null, CAPTION: null }, { IMAGE: delta(), CAPTION: delta() });
  }

  static async open(pool: WorkerPool, { folder, manifest }: BuildResult): Promise<IndexSnapshot> {
    const segment = async (kind: VectorKind): Promise<Segment | null> => {
      const entry = manifest.kinds[kind];
      return entry === null ? null : Segment.open(pool, folder, manifest.dimensions, entry);
    };
    const delta = (kind: VectorKind): AppendableSegment =>
      new AppendableSegment(manifest.dimensions, manifest.kinds[kind]?.lastSeq ?? 0);
    const image = await segment('IMAGE');
    try {
      const segments = { IMAGE: image, CAPTION: await segment('CAPTION') };
      return new IndexSnapshot(manifest, segments, { IMAGE: delta('IMAGE'), CAPTION: delta('CAPTION') });
    } catch (error) {
      await image?.close();
      throw error;
    }
  }

  /** Vectors of a kind, of which some may be deleted in SQL. */
  count(kind: VectorKind): number {
    return (this.segments[kind]?.entry.count ?? 0) + this.deltas[kind].size;
  }

  /** Labels → rows. Kept, since a person pages and changes the words while the filter stays. */
  filter(kind: VectorKind, filter: AllowedIds): Promise<AllowedRowsOfKind> {
    const key = `${kind} ${this.deltas[kind].size} ${filter.key}`;
    const kept = this.filters.get(key);
    if (kept !== undefined) return kept;
    const made = this.toRows(kind, filter);
    this.filters.set(key, made);
    made.catch(() => this.filters.delete(key));
    return made;
  }

  /**
   * Made once a generation, so that scores of one session are comparable; without a generation, anew as the delta grows.
   * @param read vectors by label
   */
  scoreStatistics(
    kind: VectorKind,
    read: (seqs: readonly number[]) => Promise<readonly Float32Array[]>,
  ): Promise<ScoreStatistics | null> {
    const entry = this.segments[kind]?.entry ?? null;
    const labels: ArrayLike<number> = this.segments[kind]?.seqs ?? this.deltas[kind].seqs.slice();
    const kept = this.backgrounds.get(kind);
    if (kept !== undefined && entry !== null) return kept;
    const made = spread(labels, sampleSize, read).then((sample) =>
      sample.length === 0 ? null : { sample, mean: entry === null ? meanOf(sample) : Float32Array.from(entry.mean) },
    );
    this.backgrounds.set(kind, made);
    made.catch(() => this.backgrounds.delete(kind));
    return made;
  }

  get isRetired(): boolean {
    return this.retired;
  }

  /** Works with the open indexes; they stay open until it is done, also when a new generation takes over meanwhile. */
  async acquire<T>(work: (served: this) => Promise<T>): Promise<T> {
    this.users++;
    try {
      return await work(this);
    } finally {
      this.users--;
      if (this.retired && this.users === 0) await this.close();
    }
  }

  /** Closes the indexes as soon as nobody uses them. */
  async retire(): Promise<void> {
    this.retired = true;
    if (this.users === 0) await this.close();
  }

  private async toRows(kind: VectorKind, filter: AllowedIds): Promise<AllowedRowsOfKind> {
    const labels = await filter.labels(kind);
    return {
      segment: toAllowedRows(labels, this.segments[kind]?.seqs ?? []),
      delta: toAllowedRows(labels, this.deltas[kind].seqs),
    };
  }

  private async close(): Promise<void> {
    await Promise.all([this.segments.IMAGE?.close(), this.segments.CAPTION?.close()]);
  }
}

function spread(
  labels: ArrayLike<number>,
  size: number,
  read: (seqs: readonly number[]) => Promise<readonly Float32Array[]>,
): Promise<readonly Float32Array[]> {
  const count = Math.min(size, labels.length);
  return read(Array.from({ length: count }, (_, i) => labels[Math.floor((i * labels.length) / count)] ?? 0));
}

function meanOf(vectors: readonly Float32Array[]): Float32Array {
  const mean = new Float32Array(vectors[0]?.length ?? 0);
  for (const vector of vectors) vector.forEach((value, i) => (mean[i] = (mean[i] ?? 0) + value / vectors.length));
  return mean;
}
