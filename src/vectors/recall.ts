import type { VectorKind } from '../domain/search.js';
import { scanExactly } from './exact-scan.js';
import type { Neighbor } from './neighbor.js';
import type { VectorSource } from './vector-source.js';

const depth = 10;

/**
 * recall@10 of a search against the exact answer, with vectors of the index itself as queries, spread over its range.
 * @param lastSeq labels past it are not looked at
 * @returns share of the true ten nearest that were found, 0..1; null where there is nothing to measure
 */
export async function measureRecall(
  source: VectorSource,
  space: string,
  kind: VectorKind,
  lastSeq: number,
  search: (vector: Float32Array, k: number) => Promise<readonly Neighbor[]>,
  sampleSize = 20,
): Promise<number | null> {
  const queries: Float32Array[] = [];
  for (let i = 0; i < sampleSize; i++) {
    const from = Math.floor((lastSeq * i) / sampleSize);
    const [row] = await source.vectorsAfter(space, kind, from, 1);
    if (row !== undefined && row.seq <= lastSeq) queries.push(row.vector);
  }
  const truth = await scanExactly(source, space, kind, queries, depth, (seq) => seq <= lastSeq);
  let found = 0;
  let expected = 0;
  for (const [i, query] of queries.entries()) {
    const exact = truth[i] ?? [];
    const threshold = (exact.at(-1)?.score ?? 0) - 1e-6;
    // By score, not by label: equal vectors (the same caption twice) may stand in any order.
    found += Math.min(exact.length, (await search(query, depth)).filter((hit) => hit.score >= threshold).length);
    expected += exact.length;
  }
  return expected === 0 ? null : found / expected;
}
