import type { Channel } from '../../domain/search.js';
import { SeededRandom } from '../../domain/seeded-random.js';
import type { WorkReporter } from '../../ports/work-reporter.js';
import { mean, reciprocalRank } from '../retrieval-metrics.js';
import { comparePaired, estimateMean, type Estimate, type PairedComparison } from '../statistics.js';
import type { Ask } from './ask.js';
import type { EvaluatedStores } from './corpus-scan.js';
import type { KnownItemQuery, QueryClass, QueryClassName } from './known-item-query.js';
import { makeQueries, type QueryOptions } from './make-queries.js';
import { depth, qualityOf } from './way-measures.js';

export type AllWeights = Readonly<Record<Channel, number>>;

/** The search with given weights. @param depth how many panels each channel names */
export type AskWith = (weights: AllWeights, depth: number) => Ask;

export interface TuneOptions extends Omit<QueryOptions, 'onProgress'> {
  /** What the search uses now. */
  readonly present: AllWeights;
}

/** What was tried, and what is gained by the best of it. */
export interface Tuning {
  readonly model: string;
  readonly figures: number;
  readonly seed: string;
  /** Queries that the weights were chosen on, and others that the gain was measured on. */
  readonly queries: { readonly chosenOn: number; readonly measuredOn: number };
  readonly present: AllWeights;
  readonly best: AllWeights;
  /** Mean reciprocal ranks on the first half, the best first. */
  readonly tried: readonly { readonly weights: AllWeights; readonly meanReciprocalRank: number }[];
  /** Reciprocal ranks on the second half by the best weights, less those by the present ones; null where these are the best. */
  readonly gain: PairedComparison | null;
  /** The same by class. */
  readonly classes: readonly { readonly title: string; readonly queries: number; readonly gain: Estimate }[];
  /** Reciprocal ranks on the second half where each channel names five times as many panels, less those as it is. */
  readonly deeper: PairedComparison;
  /** Whether the whole interval of the gain is above 0, and its p-value below 0.05. */
  readonly isBetter: boolean;
}

/** Ids are conditions: no weight changes what they find. */
const untouched: ReadonlySet<QueryClassName> = new Set<QueryClassName>(['record-ids', 'pmcids', 'dois']);
/** Only the ratios of weights count: that of KEYWORD stays. */
const factors = [0.25, 0.5, 1, 2, 4];
const deeperBy = 5;
const greatestWeight = 100;
const significance = 0.05;

interface AskedQuery extends KnownItemQuery {
  readonly title: string;
}

/** Chooses channel weights on one half of a corpus's text queries, and measures on the other half what they gain. */
export class WeightTuning {
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
    const [first, second] = halves(made.classes, seed);
    if (first.length < 2 || second.length < 2) return null;
    const candidates = candidatesBeside(present);
    const count = candidates.length * first.length + 3 * second.length;
    return track('trying weights', count, async (at) => {
      let done = 0;
      const valuesOf = async (weights: AllWeights, queries: readonly AskedQuery[], asDeep = depth) => {
        const ask = this.askWith(weights, asDeep);
        const values: number[] = [];
        for (const query of queries) {
          values.push(await valueOf(ask, query));
          at(++done);
        }
        return values;
      };
      const tried: { weights: AllWeights; meanReciprocalRank: number }[] = [];
      for (const weights of candidates) {
        tried.push({ weights, meanReciprocalRank: mean(await valuesOf(weights, first)) ?? 0 });
      }
      // Stable: of equal ones the nearest to the present weights comes first.
      tried.sort((a, b) => b.meanReciprocalRank - a.meanReciprocalRank);
      const best = tried[0]?.weights ?? present;
      const now = await valuesOf(present, second);
      const then = best === present ? now : await valuesOf(best, second);
      const deeper = await valuesOf(present, second, deeperBy * depth);
      return {
        ...{ model: this.modelName, figures: made.total, seed, present, best, tried },
        queries: { chosenOn: first.length, measuredOn: second.length },
        ...gainOf({ now, then, deeper }, second, { seed, isSame: best === present }),
      };
    });
  }
}

function gainOf(
  { now, then, deeper }: Readonly<Record<'now' | 'then' | 'deeper', readonly number[]>>,
  queries: readonly AskedQuery[],
  { seed, isSame }: { readonly seed: string; readonly isSame: boolean },
): Pick<Tuning, 'gain' | 'classes' | 'deeper' | 'isBetter'> {
  const options = { seed, groups: queries.map(({ figureId }) => figureId) };
  const gain = isSame ? null : comparePaired(then, now, options);
  const depthGain = comparePaired(deeper, now, options);
  if (depthGain === null) throw new RangeError('Expected at least one query but received none');
  const classes = [...new Set(queries.map(({ title }) => title))].flatMap((title) => {
    const own = queries.flatMap((query, i) => (query.title === title ? [(then[i] ?? 0) - (now[i] ?? 0)] : []));
    const estimate = estimateMean(own, { seed });
    return estimate === null || isSame ? [] : [{ title, queries: own.length, gain: estimate }];
  });
  return { gain, classes, deeper: depthGain, isBetter: gain !== null && isCertain(gain) };
}

/** Of few queries that all gain as much the interval is a point: the test tells how little that proves. */
function isCertain({ difference, pValue }: PairedComparison): boolean {
  return difference.low > 0 && pValue < significance;
}

/** Each class is parted in two, so that both halves ask the same kinds of questions. */
function halves(classes: readonly QueryClass[], seed: string): readonly [readonly AskedQuery[], readonly AskedQuery[]] {
  const random = new SeededRandom(`${seed}/halves`);
  const mixed = classes
    .filter(({ kind, name }) => kind === 'text' && !untouched.has(name))
    .map(({ title, queries }) => random.sample(queries, queries.length).map((query) => ({ ...query, title })));
  const half = (which: number): readonly AskedQuery[] => mixed.flatMap((own) => own.filter((_, i) => i % 2 === which));
  return [half(0), half(1)];
}

/** The present weights first, then those nearest to them. */
function candidatesBeside(present: AllWeights): readonly AllWeights[] {
  const distance = (factor: number): number => Math.abs(Math.log2(factor));
  const pairs = factors.flatMap((image) => factors.map((caption) => ({ image, caption })));
  return pairs
    .sort((a, b) => distance(a.image) + distance(a.caption) - distance(b.image) - distance(b.caption))
    .map(({ image, caption }) =>
      image === 1 && caption === 1
        ? present
        : { ...present, IMAGE: scaled(present.IMAGE, image), CAPTION: scaled(present.CAPTION, caption) },
    );
}

function scaled(weight: number, factor: number): number {
  return Math.min(greatestWeight, weight * factor);
}

async function valueOf(ask: Ask, { asked, wanted }: KnownItemQuery): Promise<number> {
  if (asked.kind !== 'text') return 0;
  return reciprocalRank(qualityOf((await ask(asked, 'FUSED')).found, wanted).rank);
}
