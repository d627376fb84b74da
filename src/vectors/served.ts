import { LRUCache } from 'lru-cache';
import type { VectorKind } from '../domain/search.js';
import { Delta } from './delta.js';
import type { Published } from './generation-builder.js';
import type { Manifest } from './manifest.js';
import { rowFilter, type RowFilter } from './row-filter.js';
import { Segment } from './segment.js';
import type { WorkerPool } from './workers/worker-pool.js';

/** Which vectors a search may find, by label. The store makes it from a figure filter. */
export interface LabelFilter {
  /** Two filters with one key allow the same labels: it names the condition and the state of the data. */
  readonly key: string;
  /** In ascending order. */
  labels(kind: VectorKind): Promise<ArrayLike<number>>;
}

export interface KindFilter {
  readonly segment: RowFilter;
  readonly delta: RowFilter;
}

/** Filters of 100,000 rows cost 12 KB each. */
const filtersKept = 64;

/** What answers now: a published generation (or none yet) with the vectors that came since. */
export class Served {
  private readonly filters = new LRUCache<string, Promise<KindFilter>>({ max: filtersKept });
  private users = 0;
  private retired = false;

  private constructor(
    readonly manifest: Manifest | null,
    readonly segments: Readonly<Record<VectorKind, Segment | null>>,
    readonly deltas: Readonly<Record<VectorKind, Delta>>,
  ) {}

  /** No generation: everything is in the delta. */
  static empty(dimensions: number): Served {
    const delta = (): Delta => new Delta(dimensions, 0);
    return new Served(null, { IMAGE: null, CAPTION: null }, { IMAGE: delta(), CAPTION: delta() });
  }

  static async open(pool: WorkerPool, { folder, manifest }: Published): Promise<Served> {
    const segment = async (kind: VectorKind): Promise<Segment | null> => {
      const entry = manifest.kinds[kind];
      return entry === null ? null : Segment.open(pool, folder, manifest.dimensions, entry);
    };
    const delta = (kind: VectorKind): Delta => new Delta(manifest.dimensions, manifest.kinds[kind]?.lastSeq ?? 0);
    const image = await segment('IMAGE');
    try {
      const segments = { IMAGE: image, CAPTION: await segment('CAPTION') };
      return new Served(manifest, segments, { IMAGE: delta('IMAGE'), CAPTION: delta('CAPTION') });
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
  filter(kind: VectorKind, filter: LabelFilter): Promise<KindFilter> {
    const key = `${kind} ${this.deltas[kind].size} ${filter.key}`;
    const kept = this.filters.get(key);
    if (kept !== undefined) return kept;
    const made = this.toRows(kind, filter);
    this.filters.set(key, made);
    made.catch(() => this.filters.delete(key));
    return made;
  }

  get isRetired(): boolean {
    return this.retired;
  }

  /** Works with the open indexes; they stay open until it is done, also when a new generation takes over meanwhile. */
  async use<T>(work: (served: this) => Promise<T>): Promise<T> {
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

  private async toRows(kind: VectorKind, filter: LabelFilter): Promise<KindFilter> {
    const labels = await filter.labels(kind);
    return {
      segment: rowFilter(labels, this.segments[kind]?.seqs ?? []),
      delta: rowFilter(labels, this.deltas[kind].seqs),
    };
  }

  private async close(): Promise<void> {
    await Promise.all([this.segments.IMAGE?.close(), this.segments.CAPTION?.close()]);
  }
}
