import { SeededRandom } from '../domain/seeded-random.js';

/** A mean with its 95 % interval. */
export interface Estimate {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/** What two ways of answering the same queries differ by. */
export interface PairedComparison {
  /** The first less the second: above 0 where the first is better. */
  readonly difference: Estimate;
  /** Two-sided: how often a difference this large comes about where the two ways are alike. */
  readonly pValue: number;
}

export interface ResamplingOptions {
  /** The same seed gives the same interval. */
  readonly seed: string;
  readonly resamples?: number;
  /**
   * For each value the group that it belongs to, as figures of one article or patient do: they are drawn together, since
   * they are alike and each tells less than a value of its own. Absent: each value is a group.
   */
  readonly groups?: readonly string[] | undefined;
}

const usualResamples = 2000;
/** Up to so many groups all changes of sign are tried: 2^12 of them. */
const fewGroups = 12;
const confidence = 0.95;

/**
 * The mean with the percentile interval of the bootstrap (Efron and Tibshirani, “An Introduction to the Bootstrap”, 1993,
 * chapter 13). Where all values are equal, so are the ends.
 * @returns null for no values
 */
export function estimateMean(values: readonly number[], options: ResamplingOptions): Estimate | null {
  const groups = sumsOfGroups(values, options.groups);
  if (groups.length === 0) return null;
  const random = new SeededRandom(options.seed);
  const means = Array.from({ length: options.resamples ?? usualResamples }, () => {
    let [sum, count] = [0, 0];
    for (let drawn = 0; drawn < groups.length; drawn++) {
      const group = groups[random.index(groups.length)];
      sum += group?.sum ?? 0;
      count += group?.count ?? 0;
    }
    return sum / count;
  }).sort((a, b) => a - b);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return { mean, low: quantile(means, (1 - confidence) / 2), high: quantile(means, (1 + confidence) / 2) };
}

/**
 * Two ways over the same queries: the mean difference with its bootstrap interval, and the randomization test of Fisher, which
 * exchanges the two values of a query at random (Smucker, Allan and Carterette, CIKM 2007, compare the tests).
 * @param first the measure of each query by the first way
 * @param second the same queries by the second way
 * @returns null for no queries
 * @throws {RangeError} the two are not of one length
 */
export function comparePaired(
  first: readonly number[],
  second: readonly number[],
  options: ResamplingOptions,
): PairedComparison | null {
  if (first.length !== second.length) {
    throw new RangeError(`Expected values of the same queries but received ${first.length} and ${second.length}`);
  }
  const differences = first.map((value, i) => value - (second[i] ?? 0));
  const difference = estimateMean(differences, options);
  return difference === null ? null : { difference, pValue: randomizationTest(differences, options) };
}

/** Linear between the two nearest of the sorted values. @param share 0..1 */
export function quantile(sorted: readonly number[], share: number): number {
  const place = share * (sorted.length - 1);
  const below = sorted[Math.floor(place)] ?? 0;
  const above = sorted[Math.ceil(place)] ?? below;
  return below + (place - Math.floor(place)) * (above - below);
}

interface GroupSum {
  readonly sum: number;
  readonly count: number;
}

function sumsOfGroups(values: readonly number[], groups: readonly string[] | undefined): readonly GroupSum[] {
  if (groups === undefined) return values.map((sum) => ({ sum, count: 1 }));
  const sums = new Map<string, GroupSum>();
  for (const [i, value] of values.entries()) {
    const name = groups[i] ?? '';
    const { sum, count } = sums.get(name) ?? { sum: 0, count: 0 };
    sums.set(name, { sum: sum + value, count: count + 1 });
  }
  return [...sums.values()];
}

function randomizationTest(
  differences: readonly number[],
  { seed, resamples = usualResamples, groups }: ResamplingOptions,
): number {
  const sums = sumsOfGroups(differences, groups).map(({ sum }) => sum);
  // Sums of the same numbers in another order differ by rounding.
  const observed = Math.abs(sums.reduce((total, sum) => total + sum, 0)) - 1e-9;
  const isAsLarge = (sign: (at: number) => boolean): boolean =>
    Math.abs(sums.reduce((total, sum, at) => total + (sign(at) ? sum : -sum), 0)) >= observed;
  if (sums.length <= fewGroups) {
    const all = 2 ** sums.length;
    const asLarge = Array.from({ length: all }, (_, signs) => isAsLarge((at) => ((signs >> at) & 1) === 1));
    return asLarge.filter(Boolean).length / all;
  }
  const random = new SeededRandom(`${seed}/signs`);
  let asLarge = 0;
  for (let i = 0; i < resamples; i++) if (isAsLarge(() => random.unit() < 0.5)) asLarge += 1;
  // The observed one counts as one of them, so that it is never 0.
  return (asLarge + 1) / (resamples + 1);
}
