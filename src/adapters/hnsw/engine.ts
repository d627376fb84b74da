/** How vectors are searched. `exact` compares with every vector; `hnsw-i8` keeps a graph of 8-bit numbers on disk. */
export const engineNames = ['hnsw', 'hnsw-i8', 'exact'] as const;
export type EngineName = (typeof engineNames)[number];

export interface GraphParameters {
  /** Links a node; 16 is what our measurements were made with (docs/benchmarks.md). */
  readonly m: number;
  readonly efConstruction: number;
  readonly seed: number;
}

export const graphParameters: GraphParameters = { m: 16, efConstruction: 128, seed: 1 };

/** Candidate list of a search: recall@10 ≥ 0.997 at 40 on 100,000 vectors; twice k for long lists. */
export function defaultEf(k: number): number {
  return Math.max(64, 2 * k);
}

/**
 * Of a filtered search: a filter that goes with the embedding (a modality) leads away from the nearest ones, the further
 * the more vectors there are (recall at a million: .86 with the width of 100,000, .95 with the square root's growth:
 * docs/benchmarks.md).
 */
export function filteredEf(k: number, count: number): number {
  return Math.ceil(Math.max(200, 2 * k) * Math.max(1, (count / 100_000) ** (2 / 3)));
}
