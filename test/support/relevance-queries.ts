import { Random } from '../../src/samples/random.js';

/** What the queries are made from. */
export interface LabeledRecord {
  readonly id: string;
  readonly caption?: string | undefined;
  readonly alt?: string | undefined;
  readonly labels?: readonly string[] | undefined;
}

/** A text and the records that it asks for. */
export interface RelevanceQuery {
  readonly text: string;
  readonly wanted: ReadonlySet<string>;
}

const seed = 'relevance';

/** Queries of each class, the same for the same records: the records that they are made from are what they ask for. */
export class RelevanceQueries {
  private readonly random = new Random(seed);
  private readonly captioned: readonly (LabeledRecord & { readonly caption: string })[];
  private readonly holders: ReadonlyMap<string, readonly string[]>;

  constructor(private readonly records: readonly LabeledRecord[]) {
    this.captioned = records.flatMap((one) => (one.caption === undefined ? [] : [{ ...one, caption: one.caption }]));
    const holders = new Map<string, string[]>();
    for (const { id, caption } of this.captioned) {
      for (const word of wordsOf(caption)) holders.set(word, [...(holders.get(word) ?? []), id]);
    }
    this.holders = holders;
  }

  /** Words that stand in so many captions. */
  words(count: number, least: number, most: number): readonly RelevanceQuery[] {
    const fitting = [...this.holders].filter(([, ids]) => ids.length >= least && ids.length <= most);
    return this.sample(fitting, count).map(([text, ids]) => ({ text, wanted: new Set(ids) }));
  }

  /** Two words of one caption, which few captions hold. */
  pairs(count: number, most: number): readonly RelevanceQuery[] {
    return this.sample(this.captioned, 4 * count)
      .flatMap(({ caption }): RelevanceQuery[] => {
        const rare = [...wordsOf(caption)].filter((word) => (this.holders.get(word)?.length ?? 0) <= most);
        const [one, other] = this.sample(rare, 2);
        if (one === undefined || other === undefined) return [];
        const both = (this.holders.get(one) ?? []).filter((id) => this.holders.get(other)?.includes(id));
        return [{ text: `${one} ${other}`, wanted: new Set(both) }];
      })
      .slice(0, count);
  }

  /** Some words of a caption as they follow each other, without marks that could be operators. */
  passages(count: number, length: number): readonly RelevanceQuery[] {
    const long = this.captioned.filter(({ caption }) => caption.split(/\s+/).length > 2 * length);
    return this.sample(long, count).map(({ id, caption }) => {
      const words = caption.split(/\s+/);
      const from = Math.floor(this.random.unit() * (words.length - length));
      const passage = words.slice(from, from + length).join(' ');
      return { text: passage.replace(/["“”()*]|(?<=\s)-/gu, ''), wanted: new Set([id]) };
    });
  }

  /** The description for readers who cannot see the image. */
  descriptions(count: number): readonly RelevanceQuery[] {
    const described = this.records.flatMap(({ id, alt }) => (alt === undefined ? [] : [{ id, alt }]));
    return this.sample(described, count).map(({ id, alt }) => ({ text: alt.slice(0, 4000), wanted: new Set([id]) }));
  }

  /** A text that names what a label means. */
  label(text: string, label: string): RelevanceQuery {
    const wanted = this.records.filter(({ labels = [] }) => labels.includes(label)).map(({ id }) => id);
    return { text, wanted: new Set(wanted) };
  }

  sample<Item>(from: readonly Item[], count: number): readonly Item[] {
    const rest = [...from];
    const taken: Item[] = [];
    while (taken.length < count && rest.length > 0) {
      taken.push(...rest.splice(Math.floor(this.random.unit() * rest.length), 1));
    }
    return taken;
  }
}

export function wordsOf(text: string): ReadonlySet<string> {
  return new Set(text.toLowerCase().match(/(?<![\p{L}\p{N}-])[a-z]{4,}(?![\p{L}\p{N}-])/gu) ?? []);
}

/** How much of what is asked for an answer has. */
export interface AnswerQuality {
  /** Share of the first ten that are wanted, or of all wanted where these are fewer. */
  readonly precisionAt10: number;
  /** Share of the wanted that are among the first ten. */
  readonly recallAt10: number;
  /** Share of the wanted among as many hits as are wanted. */
  readonly rPrecision: number;
}

export function qualityOf(found: readonly string[], wanted: ReadonlySet<string>): AnswerQuality {
  const within = (k: number): number => found.slice(0, k).filter((id) => wanted.has(id)).length;
  return {
    precisionAt10: within(10) / Math.min(10, wanted.size),
    recallAt10: within(10) / wanted.size,
    rPrecision: within(wanted.size) / wanted.size,
  };
}

export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Upper end of the 95 % interval of the mean, by 1,000 resamples with a fixed seed. */
export function upperBound(values: readonly number[]): number {
  const random = new Random(seed);
  const means = Array.from({ length: 1000 }, () =>
    meanOf(values.map(() => values[Math.floor(random.unit() * values.length)] ?? 0)),
  ).sort((a, b) => a - b);
  return means[975] ?? 0;
}
