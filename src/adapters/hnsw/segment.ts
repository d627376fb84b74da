import path from 'node:path';
import type { IndexFileEntry } from './manifest.js';
import { readNumbers } from './read-numbers.js';
import type { AllowedRows } from './allowed-rows.js';
import { mergeTopK } from './workers/neighbors.js';
import type { Neighbors, SegmentFiles } from './workers/messages.js';
import { nativeState, type NativeVectorFile } from './workers/native-addon.js';
import type { WorkerPool } from './workers/worker-pool.js';

/** So many rows are read in this thread, from the file by memory map. */
const maxRowsAtHand = 4;

export interface KnnParams {
  readonly k: number;
  readonly filter: AllowedRows | null;
  readonly signal: AbortSignal | undefined;
}

/** The files of a segment, as they were opened. */
interface OpenedFiles {
  readonly dimensions: number;
  readonly entry: IndexFileEntry;
  readonly seqs: Uint32Array;
  readonly panels: Uint32Array | null;
  /** Each worker holds all of the graphs; else each holds some, and a search asks all workers. */
  readonly shared: boolean;
  /** The file of vectors in this thread; null without our addon. */
  readonly mapped: NativeVectorFile | null;
}

/** One kind's vectors of a published generation, open in the workers. Rows are counted from 0 in the order of labels. */
export class Segment {
  private constructor(
    private readonly pool: WorkerPool,
    private readonly id: number,
    private readonly opened: OpenedFiles,
  ) {}

  get entry(): IndexFileEntry {
    return this.opened.entry;
  }

  /** Label of each row, ascending. */
  get seqs(): Uint32Array {
    return this.opened.seqs;
  }

  /** Number of the panel of each row; null in a generation of version 0.1. */
  get panels(): Uint32Array | null {
    return this.opened.panels;
  }

  /** The caller has checked every file's size and sha256: a crafted one can overflow a native loader. */
  static async open(pool: WorkerPool, folder: string, dimensions: number, entry: IndexFileEntry): Promise<Segment> {
    const id = pool.newSegment();
    const files = toSegmentFiles(folder, dimensions, entry);
    // Our addon and a memory map keep one copy for all workers; hnswlib-node makes one a worker, so there each has its own part.
    const shared = files.graphs.every(({ form }) => form === 'usearch') || nativeState().addon !== null;
    const seqs = await readNumbers(path.join(folder, entry.labels.file));
    const panels = entry.panels === undefined ? null : await readNumbers(path.join(folder, entry.panels.file));
    await pool.openSegment(id, (worker) =>
      shared ? files : { ...files, graphs: files.graphs.filter((_, graph) => graph % pool.size === worker) },
    );
    // The workers have opened the same file before it.
    const { addon } = nativeState();
    const mapped = addon === null ? null : new addon.VectorFile(files.vectors, dimensions, entry.count);
    return new Segment(pool, id, { dimensions, entry, seqs, panels, shared, mapped });
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
    if (this.opened.shared) return this.pool.query(vector, query, undefined, signal);
    const parts = Math.min(this.pool.size, this.entry.graphs.length);
    const found = Array.from({ length: parts }, (_, worker) => this.pool.query(vector, query, worker, signal));
    return mergeTopK(await Promise.all(found), 1, k);
  }

  searchExact(vector: Float32Array, { k, filter, signal }: KnnParams): Promise<Neighbors> {
    const query = { kind: 'exact', segment: this.id, k, allowed: filter?.bits ?? null } as const;
    return this.pool.query(vector, query, undefined, signal);
  }

  /** @returns float32 [dimensions] each */
  async readVectors(rows: readonly number[]): Promise<readonly Float32Array[]> {
    if (rows.length === 0) return [];
    if (rows.length <= maxRowsAtHand && this.opened.mapped !== null) return this.readMapped(this.opened.mapped, rows);
    const into = new Float32Array(new SharedArrayBuffer(rows.length * this.opened.dimensions * 4));
    await this.pool.run({ kind: 'read', segment: this.id, rows: Uint32Array.from(rows), into });
    return rows.map((_, at) => into.subarray(at * this.opened.dimensions, (at + 1) * this.opened.dimensions));
  }

  /** Without a thread: a message to one and back takes ten times as long as the copy. */
  private readMapped(mapped: NativeVectorFile, rows: readonly number[]): readonly Float32Array[] {
    const into = new Float32Array(rows.length * this.opened.dimensions);
    mapped.read(Uint32Array.from(rows), into);
    return rows.map((_, at) => into.subarray(at * this.opened.dimensions, (at + 1) * this.opened.dimensions));
  }

  /** @param queries float32 [n, dimensions] @returns float32 [n, rows.length]: the cosine of each query with each row */
  async score(queries: Float32Array, rows: readonly number[]): Promise<Float32Array> {
    const work = { kind: 'score', segment: this.id, queries, rows: Uint32Array.from(rows) } as const;
    return (await this.pool.run(work)).scores;
  }

  async close(): Promise<void> {
    this.opened.mapped?.close();
    await this.pool.closeSegment(this.id);
  }
}

export function toSegmentFiles(folder: string, dimensions: number, entry: Omit<IndexFileEntry, 'mean'>): SegmentFiles {
  const at = (name: string): string => path.join(folder, name);
  return {
    dimensions,
    count: entry.count,
    vectors: at(entry.vectors.file),
    graphs: entry.graphs.map(({ form, file, count }) => ({ form, file: at(file), count })),
  };
}
