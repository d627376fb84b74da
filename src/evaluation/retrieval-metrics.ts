/** Retrieval figures over ranked lists; all pure. */

/**
 * Share of queries whose one right item is among the first k.
 * @param ranks rank of the right item a query, from 1
 */
export function recallAt(ranks: readonly number[], k: number): number {
  return ranks.length === 0 ? 0 : ranks.filter((rank) => rank <= k).length / ranks.length;
}

/** Middle of the sorted ranks; the lower of the two for an even number. */
export function medianRank(ranks: readonly number[]): number | null {
  const sorted = [...ranks].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? null;
}

/** Share of relevant items among the first k. @param relevant for each item, best first, whether it is relevant */
export function precisionAt(relevant: readonly boolean[], k: number): number {
  return relevant.slice(0, k).filter(Boolean).length / k;
}

/** Items by descending score, ties by index, so that the same input gives the same figures. */
export function ranking(scores: readonly number[]): readonly number[] {
  return scores
    .map((score, index) => ({ score, index }))
    .sort((a, b) => b.score - a.score || a.index - b.index)
    .map(({ index }) => index);
}

/** Arithmetic mean; null for nothing. */
export function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}
