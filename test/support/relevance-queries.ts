import { SeededRandom } from '../../src/domain/seeded-random.js';
import { CaptionQueries, HolderCounter, type TextQuery } from '../../src/evaluation/known-items/caption-queries.js';

/** What the queries are made from. */
export interface LabeledRecord {
  readonly id: string;
  readonly caption?: string | undefined;
  readonly alt?: string | undefined;
  readonly labels?: readonly string[] | undefined;
}

export const seed = 'relevance';

/** Queries of each class, the same for the same records; beside those that `figseek eval` makes, of descriptions and labels. */
export class RelevanceQueries extends CaptionQueries {
  private readonly drawn: SeededRandom;

  constructor(private readonly records: readonly LabeledRecord[]) {
    const counter = new HolderCounter();
    for (const record of records) counter.add(record);
    const random = new SeededRandom(seed);
    super(records, counter.holders, random);
    this.drawn = random;
  }

  /** The description for readers who cannot see the image. */
  descriptions(count: number): readonly TextQuery[] {
    const described = this.records.flatMap(({ id, alt }) => (alt === undefined ? [] : [{ id, alt }]));
    return this.sample(described, count).map(({ id, alt }) => ({ text: alt.slice(0, 4000), wanted: new Set([id]) }));
  }

  /** A text that names what a label means. */
  label(text: string, label: string): TextQuery {
    const wanted = this.records.filter(({ labels = [] }) => labels.includes(label)).map(({ id }) => id);
    return { text, wanted: new Set(wanted) };
  }

  sample<Item>(from: readonly Item[], count: number): readonly Item[] {
    return this.drawn.sample(from, count);
  }
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
