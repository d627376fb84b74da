import type { VectorKind } from '../domain/search.js';
import { dot } from '../domain/vector.js';
import { TopK, type Neighbor } from './neighbor.js';
import { vectorChunks, type VectorSource } from './vector-source.js';

/**
 * Exact nearest neighbours by one pass over the stored vectors, for several queries at once.
 * @param accept labels to look at; all by default
 * @returns for each query the `k` best, best first
 */
export async function scanExactly(
  source: VectorSource,
  space: string,
  kind: VectorKind,
  queries: readonly Float32Array[],
  k: number,
  accept: (seq: number) => boolean = () => true,
): Promise<readonly (readonly Neighbor[])[]> {
  const best = queries.map((query) => ({ query, top: new TopK(k) }));
  for await (const chunk of vectorChunks(source, space, kind)) {
    for (const { seq, vector } of chunk) {
      if (!accept(seq)) continue;
      for (const { query, top } of best) top.offer(seq, dot(query, vector));
    }
  }
  return best.map(({ top }) => top.result());
}
