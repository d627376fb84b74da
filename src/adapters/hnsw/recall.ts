import { defaultEf } from './engine.js';
import type { Segment } from './segment.js';

const depth = 10;

/**
 * recall@10 of a segment's graphs against its exact answer, with vectors of its own as queries.
 * @param queries unit vectors
 * @returns share of the true ten nearest that were found, 0..1; null without a query
 */
export async function measureRecall(segment: Segment, queries: readonly Float32Array[]): Promise<number | null> {
  const asked = { k: depth, filter: null, signal: undefined };
  const shares = await Promise.all(
    queries.map(async (query) => {
      const [truth, found] = await Promise.all([
        segment.searchExact(query, asked),
        segment.searchApproximate(query, defaultEf(depth), asked),
      ]);
      // By score, not by row: equal vectors (the same caption twice) may stand in any order.
      const threshold = (truth.scores.at(-1) ?? 0) - 1e-6;
      return { expected: truth.scores.length, found: found.scores.filter((score) => score >= threshold).length };
    }),
  );
  const expected = shares.reduce((sum, share) => sum + share.expected, 0);
  const found = shares.reduce((sum, share) => sum + Math.min(share.found, share.expected), 0);
  return expected === 0 ? null : found / expected;
}
