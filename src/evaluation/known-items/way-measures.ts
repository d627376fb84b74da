import type { FigureId } from '../../domain/ids.js';
import type { Channel } from '../../domain/search.js';
import {
  chanceReciprocalRank,
  chanceWithin,
  isWithin,
  mean,
  medianRank,
  reciprocalRank,
  rPrecision,
  type Rank,
} from '../retrieval-metrics.js';
import { estimateMean, type Estimate, type ResamplingOptions } from '../statistics.js';

/** One channel alone, or all that apply, fused as every search does. KEYWORD alone is BM25. */
export type Way = Channel | 'FUSED';

/** How many hits of an answer are looked at: as many as the first pages of a search rank. */
export const depth = 200;

/** What one answer is worth. */
export interface AnswerQuality {
  readonly rank: Rank;
  readonly rPrecision: number;
}

/** What the answers of one way are worth, over the queries of a class. */
export interface WayMeasures {
  readonly way: Way;
  /** Share of queries with a right figure among the first k (for one right figure: recall@k). */
  readonly recallAt1: Estimate;
  readonly recallAt5: Estimate;
  readonly recallAt10: Estimate;
  readonly recallAt50: Estimate;
  /** Null where it lies behind the first 200. */
  readonly medianRank: Rank;
  readonly meanReciprocalRank: Estimate;
  /** Share of right figures among as many hits as there are right figures. */
  readonly rPrecision: Estimate;
}

/** What a random order reaches, on average. */
export interface ChanceMeasures {
  readonly recallAt1: number;
  readonly recallAt5: number;
  readonly recallAt10: number;
  readonly recallAt50: number;
  readonly meanReciprocalRank: number;
  readonly rPrecision: number;
}

/** @param found figures best first, each with those that show the same picture @param wanted the right ones */
export function qualityOf(found: readonly (readonly FigureId[])[], wanted: ReadonlySet<FigureId>): AnswerQuality {
  const isRight = found.map((figures) => figures.some((id) => wanted.has(id)));
  const first = isRight.indexOf(true);
  return { rank: first === -1 ? null : first + 1, rPrecision: rPrecision(isRight, wanted.size) };
}

/** @throws {RangeError} for no answers */
export function measureWay(way: Way, qualities: readonly AnswerQuality[], options: ResamplingOptions): WayMeasures {
  const ranks = qualities.map(({ rank }) => rank);
  const estimate = (values: readonly number[]): Estimate => {
    const made = estimateMean(values, options);
    if (made === null) throw new RangeError('Expected at least one answer but received none');
    return made;
  };
  const within = (k: number): Estimate => estimate(ranks.map((rank) => Number(isWithin(rank, k))));
  return {
    way,
    recallAt1: within(1),
    recallAt5: within(5),
    recallAt10: within(10),
    recallAt50: within(50),
    medianRank: medianRank(ranks),
    meanReciprocalRank: estimate(ranks.map(reciprocalRank)),
    rPrecision: estimate(qualities.map((quality) => quality.rPrecision)),
  };
}

/**
 * @param wanted number of right figures of each query
 * @param total figures of the corpus
 */
export function measureChance(wanted: readonly number[], total: number): ChanceMeasures {
  const average = (of: (count: number) => number): number => mean(wanted.map(of)) ?? 0;
  const within = (k: number): number => average((count) => chanceWithin(k, count, total));
  return {
    recallAt1: within(1),
    recallAt5: within(5),
    recallAt10: within(10),
    recallAt50: within(50),
    meanReciprocalRank: average((count) => chanceReciprocalRank(depth, count, total)),
    rPrecision: average((count) => Math.min(1, count / total)),
  };
}
