import { loadAddon, type AddonState } from '../../../platform/load-addon.js';
import type { Neighbors } from './messages.js';

/** One HNSW graph, shared by all workers that name the same key. */
export interface NativeGraph {
  add(rows: Uint32Array, vectors: Float32Array): void;
  search(queries: Float32Array, k: number, ef: number, allowed: Uint8Array | null): Neighbors;
  save(file: string): void;
  count(): number;
  close(): void;
}

/** A file of vectors by memory map. */
export interface NativeVectorFile {
  nearest(queries: Float32Array, k: number, allowed: Uint8Array | null): Neighbors;
  scores(query: Float32Array, rows: Uint32Array): Float32Array;
  read(rows: Uint32Array, into: Float32Array): void;
  close(): void;
}

/** What `native/vectors.cc` gives. */
export interface NativeAddon {
  readonly version: number;
  readonly HnswIndex: new (
    ...form:
      | [
          kind: 'create',
          key: string,
          dimensions: number,
          capacity: number,
          m: number,
          efConstruction: number,
          seed: number,
        ]
      | [kind: 'open', key: string, dimensions: number, file: string, count: number, vectors: string]
  ) => NativeGraph;
  readonly VectorFile: new (file: string, dimensions: number, count: number) => NativeVectorFile;
  /** Exact search of vectors in memory; `vectors` is float32 [count, dimensions]. */
  readonly nearestOf: (
    vectors: Float32Array,
    dimensions: number,
    queries: Float32Array,
    k: number,
    allowed: Uint8Array | null,
    firstRow: number,
  ) => Neighbors;
}

export type NativeState = AddonState<NativeAddon>;

/** Of `native/vectors.cc`. */
const version = 4;

let state: NativeState | null = null;

/** The addon of vector search, or why it is not used. */
export function nativeState(): NativeState {
  return (state ??= loadAddon<NativeAddon>('vectors', version));
}
