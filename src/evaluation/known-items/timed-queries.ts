import { SeededRandom } from '../../domain/seeded-random.js';
import { mean, reciprocalRank } from '../retrieval-metrics.js';
import type { Ask } from './ask.js';
import type { KnownItemQuery, QueryClass, QueryClassName } from './known-item-query.js';
import { qualityOf } from './way-measures.js';
import type { AllWeights } from './weight-grid.js';

export interface ChannelSettings {
  readonly weights: AllWeights;
  /** How many panels each channel names. */
  readonly depth: number;
}

/** The search with given settings. */
export type AskWith = (settings: ChannelSettings) => Ask;

export interface AskedQuery extends KnownItemQuery {
  /** Of its class. */
  readonly title: string;
}

interface TimedAnswers {
  /** The reciprocal rank of each query. */
  readonly values: readonly number[];
  /** Mean duration of a query, in milliseconds. */
  readonly ms: number;
}

/** Ids are conditions: no weight changes what they find. */
const untouched: ReadonlySet<QueryClassName> = new Set<QueryClassName>(['record-ids', 'pmcids', 'dois']);

/** Asks queries with one setting after the other, and counts them. */
export class TimedQueries {
  private done = 0;

  constructor(
    private readonly askWith: AskWith,
    private readonly onProgress: (done: number) => void,
  ) {}

  async ask(queries: readonly AskedQuery[], settings: ChannelSettings): Promise<TimedAnswers> {
    const ask = this.askWith(settings);
    const startedAt = performance.now();
    const values: number[] = [];
    for (const query of queries) {
      values.push(await valueOf(ask, query));
      this.onProgress(++this.done);
    }
    return { values, ms: (performance.now() - startedAt) / Math.max(1, queries.length) };
  }

  /** The mean reciprocal rank. */
  async meanOf(queries: readonly AskedQuery[], settings: ChannelSettings): Promise<number> {
    return mean((await this.ask(queries, settings)).values) ?? 0;
  }
}

async function valueOf(ask: Ask, { asked, wanted }: KnownItemQuery): Promise<number> {
  if (asked.kind !== 'text') return 0;
  return reciprocalRank(qualityOf((await ask(asked, 'FUSED')).found, wanted).rank);
}

/** Each class of texts is parted in two, so that both halves ask the same kinds of questions. */
export function halvesOf(
  classes: readonly QueryClass[],
  seed: string,
): readonly [readonly AskedQuery[], readonly AskedQuery[]] {
  const random = new SeededRandom(`${seed}/halves`);
  const mixed = classes
    .filter(({ kind, name }) => kind === 'text' && !untouched.has(name))
    .map(({ title, queries }) => random.sample(queries, queries.length).map((query) => ({ ...query, title })));
  const half = (which: number): readonly AskedQuery[] => mixed.flatMap((own) => own.filter((_, i) => i % 2 === which));
  return [half(0), half(1)];
}
