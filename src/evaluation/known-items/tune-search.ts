import type { WorkReporter } from '../../ports/work-reporter.js';
import { tunableDepths } from '../../domain/tuned-settings.js';
import { comparePaired, estimateMean, type Estimate, type PairedComparison } from '../statistics.js';
import type { EvaluatedStores } from './corpus-scan.js';
import { makeQueries, type QueryOptions } from './make-queries.js';
import { halvesOf, TimedQueries, type AskedQuery, type AskWith } from './timed-queries.js';
import { weightsBeside, type AllWeights } from './weight-grid.js';

export interface TuneOptions extends Omit<QueryOptions, 'onProgress'> {
  /** What the search uses now. */
  readonly present: AllWeights;
  /** How many panels each channel names now. */
  readonly presentDepth: number;
}

/** What was tried, and what is gained by the best of it. */
export interface Tuning {
  readonly model: string;
  readonly figures: number;
  readonly seed: string;
  /** Queries that the settings were chosen on, and others that the gains were measured on. */
  readonly queries: { readonly chosenOn: number; readonly measuredOn: number };
  readonly present: AllWeights;
  readonly best: AllWeights;
  /** Mean reciprocal ranks on the first half, the best first. */
  readonly tried: readonly { readonly weights: AllWeights; readonly meanReciprocalRank: number }[];
  /** Reciprocal ranks on the second half by the best weights, less those by the present ones; null where these are the best. */
  readonly gain: PairedComparison | null;
  /** The same by class. */
  readonly classes: readonly { readonly title: string; readonly queries: number; readonly gain: Estimate }[];
  /** Whether the whole interval of the gain is above 0, and its p-value below 0.05. */
  readonly isBetter: boolean;
  readonly depth: DepthTuning;
}

/** How many panels each channel names, with the best weights where these are better, else with the present ones. */
export interface DepthTuning {
  readonly present: number;
  readonly best: number;
  /** Mean reciprocal ranks on the first half, the best first. */
  readonly tried: readonly { readonly depth: number; readonly meanReciprocalRank: number }[];
  /** Reciprocal ranks on the second half by the best depth, less those by the present one; null where this is the best. */
  readonly gain: PairedComparison | null;
  /** Mean duration of a query of the second half, in milliseconds: the only numbers that differ from run to run. */
  readonly msPerQuery: { readonly present: number; readonly best: number };
  readonly isBetter: boolean;
}

const significance = 0.05;

/** Chooses weights and depth of the channels on one half of a corpus's text queries, and measures on the other half what they gain. */
export class SearchTuning {
  constructor(
    private readonly stores: EvaluatedStores,
    private readonly askWith: AskWith,
    private readonly modelName: string,
  ) {}

  /** @returns null where the corpus has fewer than four queries. @throws {FigseekError} as `makeQueries` and the search */
  async run(options: TuneOptions, { track }: Pick<WorkReporter, 'track'>): Promise<Tuning | null> {
    const { seed, present } = options;
    const made = await track('reading figures', null, (onProgress) =>
      makeQueries(this.stores, { ...options, onProgress }),
    );
    const [first, second] = halvesOf(made.classes, seed);
    if (first.length < 2 || second.length < 2) return null;
    const count = (weightsBeside(present).length + tunableDepths.length) * first.length + 4 * second.length;
    return track('trying weights and depths', count, async (onProgress) => {
      const halves = { first, second, seed, queries: new TimedQueries(this.askWith, onProgress) };
      const weights = await chooseWeights(halves, options);
      const depth = await chooseDepth(halves, {
        present: options.presentDepth,
        weights: weights.isBetter ? weights.best : present,
      });
      return {
        ...{ model: this.modelName, figures: made.total, seed, present, ...weights, depth },
        queries: { chosenOn: first.length, measuredOn: second.length },
      };
    });
  }
}

/** Queries to choose on, and others to measure on. */
interface Halves {
  readonly first: readonly AskedQuery[];
  readonly second: readonly AskedQuery[];
  readonly seed: string;
  readonly queries: TimedQueries;
}

async function chooseWeights(
  { first, second, seed, queries }: Halves,
  { present, presentDepth: depth }: TuneOptions,
): Promise<Pick<Tuning, 'best' | 'tried' | 'gain' | 'classes' | 'isBetter'>> {
  const tried: { weights: AllWeights; meanReciprocalRank: number }[] = [];
  for (const weights of weightsBeside(present)) {
    tried.push({ weights, meanReciprocalRank: await queries.meanOf(first, { weights, depth }) });
  }
  // Stable: of equal ones the nearest to the present weights comes first.
  tried.sort((a, b) => b.meanReciprocalRank - a.meanReciprocalRank);
  const best = tried[0]?.weights ?? present;
  if (best === present) return { best, tried, gain: null, classes: [], isBetter: false };
  const now = await queries.ask(second, { weights: present, depth });
  const then = await queries.ask(second, { weights: best, depth });
  const gain = comparePaired(then.values, now.values, resampling(second, seed));
  const classes = [...new Set(second.map(({ title }) => title))].flatMap((title) => {
    const differences = then.values.map((value, i) => value - (now.values[i] ?? 0));
    const own = differences.filter((_, i) => second[i]?.title === title);
    const estimate = estimateMean(own, { seed });
    return estimate === null ? [] : [{ title, queries: own.length, gain: estimate }];
  });
  return { best, tried, gain, classes, isBetter: isCertain(gain) };
}

async function chooseDepth(
  { first, second, seed, queries }: Halves,
  { present, weights }: { readonly present: number; readonly weights: AllWeights },
): Promise<DepthTuning> {
  const nearest = (depth: number): number => Math.abs(Math.log(depth / present));
  const depths = [...new Set([present, ...tunableDepths])].sort((a, b) => nearest(a) - nearest(b));
  const tried: { depth: number; meanReciprocalRank: number }[] = [];
  for (const depth of depths) {
    tried.push({ depth, meanReciprocalRank: await queries.meanOf(first, { weights, depth }) });
  }
  // Stable: of equal ones the nearest to the present depth comes first.
  tried.sort((a, b) => b.meanReciprocalRank - a.meanReciprocalRank);
  const best = tried[0]?.depth ?? present;
  const now = await queries.ask(second, { weights, depth: present });
  if (best === present) {
    return { present, best, tried, gain: null, msPerQuery: { present: now.ms, best: now.ms }, isBetter: false };
  }
  const then = await queries.ask(second, { weights, depth: best });
  const gain = comparePaired(then.values, now.values, resampling(second, seed));
  return { present, best, tried, gain, msPerQuery: { present: now.ms, best: then.ms }, isBetter: isCertain(gain) };
}

/** Queries from one figure are alike: they are drawn together. */
function resampling(queries: readonly AskedQuery[], seed: string) {
  return { seed, groups: queries.map(({ figureId }) => figureId) };
}

/** Of few queries that all gain as much the interval is a point: the test tells how little that proves. */
function isCertain(gain: PairedComparison | null): boolean {
  return gain !== null && gain.difference.low > 0 && gain.pValue < significance;
}
