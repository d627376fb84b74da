/** Retrieval figures over ranked lists; all pure. */

/** Rank of the first right item of an answer, from 1; null where it is not among those that were ranked. */
export type Rank = number | null;

/**
 * Share of queries of which a right item is among the first k.
 * @param ranks rank of the first right item a query
 */
export function recallAt(ranks: readonly Rank[], k: number): number {
  return ranks.length === 0 ? 0 : ranks.filter((rank) => isWithin(rank, k)).length / ranks.length;
}

/** Whether the first right item is among the first k. */
export function isWithin(rank: Rank, k: number): boolean {
  return rank !== null && rank <= k;
}

/** 1 for a right item in the first place, 1/2 in the second; 0 where none is among the ranked. */
export function reciprocalRank(rank: Rank): number {
  return rank === null ? 0 : 1 / rank;
}

/** Middle of the sorted ranks; the lower of the two for an even number. Null where it lies behind what was ranked. */
export function medianRank(ranks: readonly Rank[]): Rank {
  const sorted = ranks.map((rank) => rank ?? Infinity).sort((a, b) => a - b);
  const middle = sorted[Math.floor((sorted.length - 1) / 2)] ?? Infinity;
  return middle === Infinity ? null : middle;
}

/** Share of relevant items among the first k. @param relevant for each item, best first, whether it is relevant */
export function precisionAt(relevant: readonly boolean[], k: number): number {
  return relevant.slice(0, k).filter(Boolean).length / k;
}

/**
 * Share of the first R items that are relevant, where R items are: 1 for a perfect answer whatever their number (Manning,
 * Raghavan and Schütze, “Introduction to Information Retrieval”, 2008, section 8.4).
 */
export function rPrecision(relevant: readonly boolean[], count: number): number {
  return count === 0 ? 0 : precisionAt(relevant, count);
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

/**
 * Chance that one of `wanted` right items of `total` is among the first k of a random order: 1 less the hypergeometric chance of
 * none.
 */
export function chanceWithin(k: number, wanted: number, total: number): number {
  let none = 1;
  for (let place = 0; place < Math.min(k, total); place++)
    none *= Math.max(0, total - wanted - place) / (total - place);
  return 1 - none;
}

/** The mean of 1 / rank of the first right item in a random order, of which the first `depth` are looked at. */
export function chanceReciprocalRank(depth: number, wanted: number, total: number): number {
  let [sum, none] = [0, 1];
  for (let place = 0; place < Math.min(depth, total); place++) {
    const stillNone = none * (Math.max(0, total - wanted - place) / (total - place));
    sum += (none - stillNone) / (place + 1);
    none = stillNone;
  }
  return sum;
}
