import type { ScoreStatistics } from '../domain/score-statistics.js';
import { dot } from '../domain/vector.js';

/** Where the cosines of unrelated figures with a query lie. */
export interface ChannelBackground {
  readonly center: number;
  readonly spread: number;
}

/** Fewer vectors do not tell where unrelated figures lie. */
export const minSample = 20;
/** Shares of a normal distribution below one and two deviations under its mean. */
const [belowOne, belowTwo] = [0.1587, 0.0228];

/**
 * Median of the cosines over the sample, and their spread below it: what fits the query lies above, and must not widen the
 * scale that it is measured by.
 * @param vector unit length
 * @returns null where the corpus is too small to tell
 */
export function backgroundOf(vector: Float32Array, { sample }: ScoreStatistics): ChannelBackground | null {
  if (sample.length < minSample) return null;
  const cosines = Float64Array.from(sample, (other) => dot(vector, other)).sort();
  const at = (share: number): number => cosines[Math.floor(cosines.length * share)] ?? 0;
  const center = at(0.5);
  // A corpus of equal images has no spread.
  return { center, spread: Math.max(1e-4, center - at(belowOne), (center - at(belowTwo)) / 2) };
}

/** How far above unrelated figures a cosine is, in units of their spread. */
export function standardScore(cosine: number, { center, spread }: ChannelBackground): number {
  return (cosine - center) / spread;
}
