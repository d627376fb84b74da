import type { Neighbors, RowBits } from './messages.js';

/** An HNSW graph as a worker holds it. Labels are row numbers of the segment. */
export interface Graph {
  /** Whether `search` can leave out rows while it walks; else the caller has to ask for more and to look again. */
  readonly filters: boolean;
  /** @param queries float32 [n, dimensions] */
  search(queries: Float32Array, k: number, ef: number, allowed: RowBits): Neighbors;
  add(rows: Uint32Array, vectors: Float32Array): void;
  save(file: string): void;
  close(): void;
}
