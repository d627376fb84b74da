import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { IndexFileEntry } from './manifest.js';
import { lowerBound, type AllowedRows } from './allowed-rows.js';
import { mergeTopK } from './workers/neighbors.js';
import type { Neighbors, SegmentFiles } from './workers/messages.js';
import { nativeState } from './workers/native-addon.js';
import type { WorkerPool } from './workers/worker-pool.js';

export interface KnnParams {
  readonly k: number;
  readonly filter: AllowedRows | null;
  readonly signal: AbortSignal | undefined;
}

/** One kind's vectors of a published generation, open in the workers. Rows are counted from 0 in the order of labels. */
export class Segment {
  private constructor(
    private readonly pool: WorkerPool,
    private readonly id: number,
    readonly entry: IndexFileEntry,
    /** Label of each row, ascending. */
    readonly seqs: Uint32Array,
    /** Each worker holds some of the graphs, and a search asks all of them; else each holds all. */
    private readonly shared: boolean,
  ) {}

  /** The caller has checked every file's size and sha256: a crafted one can overflow a native loader. */
  static async open(pool: WorkerPool, folder: string, dimensions: number, entry: IndexFileEntry): Promise<Segment> {
    const id = pool.newSegment();
    const files = filesOf(folder, dimensions, entry);
    // Our addon and a memory map keep one copy for all workers; hnswlib-node makes one a worker, so there each has its own part.
    const shared = files.graphs.every(({ form }) => form === 'usearch') || nativeState().addon !== null;
    await pool.openSegment(id, (worker) =>
      shared ? files : { ...files, graphs: files.graphs.filter((_, graph) => graph % pool.size === worker) },
    );
    const labels = await readFile(path.join(folder, entry.labels.file));
    return new Segment(pool, id, entry, new Uint32Array(new Uint8Array(labels).buffer), shared);
  }

  get hasGraph(): boolean {
    return this.entry.graphs.length > 0;
  }

  /**
   * Up to how many allowed vectors an exact scan is the cheaper way: the crossing of what a scanned vector costs with
   * what the graph costs, which grows as the share of allowed vectors falls (docs/benchmarks.md). usearch walks its
   * graph without a filter and loses recall where the filter goes with the embedding, so there a scan goes further.
   */
  get exactLimit(): number {
    if (this.entry.graphs.some(({ form }) => form === 'usearch')) return 1_000_000;
    const perRoot = nativeState().addon === null ? 20 : 50;
    return Math.max(10_000, perRoot * Math.sqrt(this.entry.count));
  }

  /** @param ef size of the candidate list: more costs time and finds more */
  async searchApproximate(vector: Float32Array, ef: number, { k, filter, signal }: KnnParams): Promise<Neighbors> {
    if (!this.hasGraph) return this.searchExact(vector, { k, filter, signal });
    const query = { kind: 'search', segment: this.id, k, ef, allowed: filter?.bits ?? null } as const;
    if (this.shared) return this.pool.query(vector, query, undefined, signal);
    const parts = Math.min(this.pool.size, this.entry.graphs.length);
    const found = Array.from({ length: parts }, (_, worker) => this.pool.query(vector, query, worker, signal));
    return mergeTopK(await Promise.all(found), 1, k);
  }

  searchExact(vector: Float32Array, { k, filter, signal }: KnnParams): Promise<Neighbors> {
    const query = { kind: 'exact', segment: this.id, k, allowed: filter?.bits ?? null } as const;
    return this.pool.query(vector, query, undefined, signal);
  }

  /** Row of a label, or null. */
  rowOf(seq: number): number | null {
    const row = lowerBound(this.seqs, seq);
    return this.seqs[row] === seq ? row : null;
  }

  /** @param into float32 [rows.length, dimensions] */
  async read(rows: readonly number[], into: Float32Array<SharedArrayBuffer>): Promise<void> {
    await this.pool.run({ kind: 'read', segment: this.id, rows: Uint32Array.from(rows), into });
  }

  async close(): Promise<void> {
    await this.pool.closeSegment(this.id);
  }
}

export function filesOf(folder: string, dimensions: number, entry: Omit<IndexFileEntry, 'mean'>): SegmentFiles {
  const at = (name: string): string => path.join(folder, name);
  return {
    dimensions,
    count: entry.count,
    vectors: at(entry.vectors.file),
    graphs: entry.graphs.map(({ form, file, count }) => ({ form, file: at(file), count })),
  };
}
