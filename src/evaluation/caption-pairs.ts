import { dot } from '../domain/vector.js';
import { chanceWithin, medianRank, recallAt, reciprocalRank } from './retrieval-metrics.js';
import { estimateMean, type Estimate, type ResamplingOptions } from './statistics.js';

/** How well each query finds the one item that belongs to it, among all items. */
export interface RetrievalFigures {
  readonly queries: number;
  readonly recallAt1: number;
  readonly recallAt5: number;
  readonly recallAt10: number;
  readonly recallAt50: number;
  readonly medianRank: number | null;
  readonly meanReciprocalRank: number;
  /** recall@10 of a random order: 10 / number of items. */
  readonly chanceAt10: number;
  /** Ends of the 95 % intervals; null where there are no queries. */
  readonly intervals: Readonly<
    Record<'recallAt1' | 'recallAt5' | 'recallAt10' | 'recallAt50' | 'meanReciprocalRank', Estimate | null>
  >;
}

/** What one query found. */
export interface PairOutcome {
  /** Of its own item, from 1. */
  readonly rank: number;
  /** The place of the item that came first. */
  readonly first: number;
}

/**
 * Exact search: the one right item of a query has the same place. Of items with the same score the earlier one stands first. One
 * pass a query, without sorting: sets have tens of thousands of pairs.
 * @param queries unit vectors
 * @param items unit vectors, as many
 */
export function rankPairs(queries: readonly Float32Array[], items: readonly Float32Array[]): readonly PairOutcome[] {
  return queries.map((query, right) => {
    const own = scoreOf(query, items[right]);
    let [rank, first, best] = [1, right, own];
    for (const [place, item] of items.entries()) {
      const score = dot(query, item);
      if (score > own || (score === own && place < right)) rank += 1;
      if (score > best || (score === best && place < first)) [first, best] = [place, score];
    }
    return { rank, first };
  });
}

function scoreOf(query: Float32Array, item: Float32Array | undefined): number {
  return item === undefined ? -Infinity : dot(query, item);
}

/** @param ranks rank of each query's right item, among as many items */
export function measureRanks(ranks: readonly number[], options: ResamplingOptions): RetrievalFigures {
  const reciprocals = ranks.map(reciprocalRank);
  const within = (k: number): Estimate | null =>
    estimateMean(
      ranks.map((rank) => Number(rank <= k)),
      options,
    );
  const meanReciprocalRank = estimateMean(reciprocals, options);
  return {
    queries: ranks.length,
    recallAt1: recallAt(ranks, 1),
    recallAt5: recallAt(ranks, 5),
    recallAt10: recallAt(ranks, 10),
    recallAt50: recallAt(ranks, 50),
    medianRank: medianRank(ranks),
    meanReciprocalRank: meanReciprocalRank?.mean ?? 0,
    chanceAt10: chanceWithin(10, Math.min(1, ranks.length), ranks.length),
    intervals: {
      ...{ recallAt1: within(1), recallAt5: within(5), recallAt10: within(10), recallAt50: within(50) },
      meanReciprocalRank,
    },
  };
}
