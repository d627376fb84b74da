import type { GraphParameters } from '../engine.js';
import type { Graph } from './graph.js';
import type { Neighbors, RowBits } from './messages.js';
import type { NativeAddon, NativeGraph } from './native-addon.js';

/** HNSW by our addon: the file is hnswlib's, one copy in memory serves all workers of the process. */
export class NativeHnsw implements Graph {
  readonly filters = true;

  private constructor(private readonly graph: NativeGraph) {}

  /** @param key workers that name the same one share the graph @param capacity most rows */
  static create(
    addon: NativeAddon,
    key: string,
    { dimensions, capacity }: { readonly dimensions: number; readonly capacity: number },
    { m, efConstruction, seed }: GraphParameters,
  ): NativeHnsw {
    return new NativeHnsw(new addon.HnswIndex('create', key, dimensions, capacity, m, efConstruction, seed));
  }

  /** @param vectors the file that holds the rows of the graph, float32 [rows, dimensions] */
  static open(
    addon: NativeAddon,
    { file, count }: { readonly file: string; readonly count: number },
    vectors: string,
    dimensions: number,
  ): NativeHnsw {
    return new NativeHnsw(new addon.HnswIndex('open', file, dimensions, file, count, vectors));
  }

  search(queries: Float32Array, k: number, ef: number, allowed: RowBits): Neighbors {
    return this.graph.search(queries, k, ef, allowed);
  }

  add(rows: Uint32Array, vectors: Float32Array): void {
    this.graph.add(rows, vectors);
  }

  save(file: string): void {
    this.graph.save(file);
  }

  close(): void {
    this.graph.close();
  }
}
