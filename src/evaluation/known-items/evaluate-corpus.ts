import { FigseekError } from '../../domain/errors.js';
import type { FigureId } from '../../domain/ids.js';
import type { WorkReporter } from '../../ports/work-reporter.js';
import { reciprocalRank, type Rank } from '../retrieval-metrics.js';
import { comparePaired, type PairedComparison } from '../statistics.js';
import type { Ask, AskedContent } from './ask.js';
import { compareSettings, type OtherSearch, type OtherSettings, type SettingsComparison } from './compare-settings.js';
import type { EvaluatedStores } from './corpus-scan.js';
import { measureIndexRecall, type IndexRecall } from './index-recall.js';
import type { AbsentClass, KnownItemQuery, QueryClass } from './known-item-query.js';
import { makeQueries, type QueryOptions } from './make-queries.js';
import {
  measureChance,
  measureWay,
  qualityOf,
  type AnswerQuality,
  type ChanceMeasures,
  type Way,
  type WayMeasures,
} from './way-measures.js';

/** One query and what became of it. */
export interface QueryOutcome {
  readonly class: QueryClass['name'];
  /** The text, or the change of the image. */
  readonly asked: string;
  /** The figure that the query was made from. */
  readonly figureId: FigureId;
  /** How many figures are right. */
  readonly wanted: number;
  /** Of the first right figure; null where it is not among the first 200. */
  readonly ranks: Readonly<Partial<Record<Way, Rank>>>;
  /** The same with other settings; absent for images, and where no other settings were given. */
  readonly otherRank?: Rank;
  /** The figure that came first in the fused answer. */
  readonly first: FigureId | null;
}

export interface ClassMeasures extends Pick<QueryClass, 'kind' | 'title' | 'explanation'> {
  readonly name: QueryClass['name'] | 'all-texts' | 'all-images';
  readonly queries: number;
  /** Right figures of a query, on average. */
  readonly wanted: number;
  readonly ways: readonly WayMeasures[];
  readonly chance: ChanceMeasures;
  /** Reciprocal ranks of the fused answers less those of BM25 alone; null for images. */
  readonly againstKeyword: PairedComparison | null;
  /** The same less those with other settings; null for images, and where no other settings were given. */
  readonly againstOther: SettingsComparison | null;
}

/** What `figseek eval` without a file answers. */
export interface KnownItemEvaluation {
  readonly kind: 'known-item';
  readonly model: string;
  readonly figures: number;
  readonly seed: string;
  /** What the search as it is served was held against; null: nothing. */
  readonly otherSettings: OtherSettings | null;
  readonly classes: readonly ClassMeasures[];
  /** All texts, and all copies of images. */
  readonly together: readonly ClassMeasures[];
  readonly absent: readonly AbsentClass[];
  readonly indexRecall: readonly IndexRecall[];
  readonly queries: readonly QueryOutcome[];
}

const waysOf: Readonly<Record<QueryClass['kind'], readonly Way[]>> = {
  text: ['FUSED', 'KEYWORD', 'CAPTION', 'IMAGE'],
  // A copy of an image is compared with images alone.
  image: ['FUSED'],
};

interface Answered {
  readonly query: KnownItemQuery;
  readonly outcome: QueryOutcome;
  readonly qualities: ReadonlyMap<Way, AnswerQuality>;
}

interface AnsweredClass {
  readonly asked: QueryClass;
  readonly answers: readonly Answered[];
}

/** Known-item queries of a corpus, asked of its own search. */
export class CorpusEvaluation {
  constructor(
    private readonly stores: EvaluatedStores,
    private readonly ask: Ask,
    private readonly modelName: string,
    private readonly other: OtherSearch | null = null,
  ) {}

  /**
   * @throws {FigseekError} as `makeQueries` and the search
   */
  async run(
    options: Omit<QueryOptions, 'onProgress'>,
    { track }: Pick<WorkReporter, 'track'>,
  ): Promise<KnownItemEvaluation> {
    const made = await track('reading figures', null, (onProgress) =>
      makeQueries(this.stores, { ...options, onProgress }),
    );
    const { classes } = made;
    const count = classes.reduce((sum, { queries }) => sum + queries.length, 0);
    const answered = await track('asking', count, (at) => this.answerAll(classes, at));
    const measured = answered.filter(({ answers }) => answers.length > 0);
    const measure = (asked: Asked, answers: readonly Answered[]) =>
      measureClass(asked, answers, { total: made.total, seed: options.seed });
    return {
      kind: 'known-item',
      model: this.modelName,
      figures: made.total,
      seed: options.seed,
      otherSettings: this.other?.settings ?? null,
      classes: measured.map(({ asked, answers }) => measure(asked, answers)),
      together: together(measured).map(({ asked, answers }) => measure(asked, answers)),
      absent: made.absent,
      indexRecall: await track('comparing with exact search', null, () =>
        measureIndexRecall(this.ask, classes, options.seed),
      ),
      queries: measured.flatMap(({ answers }) => answers.map(({ outcome }) => outcome)),
    };
  }

  private async answerAll(
    classes: readonly QueryClass[],
    onProgress: (done: number) => void,
  ): Promise<readonly AnsweredClass[]> {
    const answered: AnsweredClass[] = [];
    let done = 0;
    for (const asked of classes) {
      const answers: Answered[] = [];
      for (const query of asked.queries) {
        const answer = await this.answer(asked, query);
        if (answer !== null) answers.push(answer);
        onProgress(++done);
      }
      answered.push({ asked, answers });
    }
    return answered;
  }

  /** @returns null where the image of the query cannot be read */
  private async answer({ name, kind }: QueryClass, query: KnownItemQuery): Promise<Answered | null> {
    const content = await contentOf(query);
    if (content === null) return null;
    const qualities = new Map<Way, AnswerQuality>();
    let first: FigureId | null = null;
    for (const way of waysOf[kind]) {
      const { found } = await this.ask(content, way);
      qualities.set(way, qualityOf(found, query.wanted));
      if (way === 'FUSED') first = found[0]?.[0] ?? null;
    }
    const ranks = Object.fromEntries([...qualities].map(([way, { rank }]) => [way, rank]));
    const { figureId, wanted, asked } = query;
    const shown = asked.kind === 'text' ? asked.text : asked.change;
    const outcome = { class: name, asked: shown, figureId, wanted: wanted.size, ranks, first };
    if (this.other === null || kind === 'image') return { query, qualities, outcome };
    const { found } = await this.other.ask(content, 'FUSED');
    return { query, qualities, outcome: { ...outcome, otherRank: qualityOf(found, wanted).rank } };
  }
}

/** @returns null for an image that cannot be read */
async function contentOf({ asked }: KnownItemQuery): Promise<AskedContent | null> {
  if (asked.kind === 'text') return asked;
  try {
    return { kind: 'image', bytes: await asked.read() };
  } catch (error) {
    if (error instanceof FigseekError) return null;
    throw error;
  }
}

type Asked = Pick<ClassMeasures, 'name' | 'kind' | 'title' | 'explanation'>;

function together(classes: readonly AnsweredClass[]): readonly { asked: Asked; answers: readonly Answered[] }[] {
  const ofKind = (kind: QueryClass['kind']) =>
    classes.flatMap(({ asked, answers }) => (asked.kind === kind ? answers : []));
  const all: readonly { asked: Asked; answers: readonly Answered[] }[] = [
    {
      asked: { name: 'all-texts', kind: 'text', title: 'All texts', explanation: 'The queries of all classes above.' },
      answers: ofKind('text'),
    },
    {
      asked: { name: 'all-images', kind: 'image', title: 'All changes', explanation: 'The copies with all changes.' },
      answers: ofKind('image'),
    },
  ];
  return all.filter(({ answers }) => answers.length > 0);
}

function measureClass(
  { name, kind, title, explanation }: Asked,
  answers: readonly Answered[],
  { total, seed }: { readonly total: number; readonly seed: string },
): ClassMeasures {
  const qualitiesOf = (way: Way) => answers.flatMap(({ qualities }) => qualities.get(way) ?? []);
  // Queries from one figure are alike: they are drawn together.
  const options = { seed, groups: answers.map(({ query }) => query.figureId) };
  const reciprocals = (way: Way) => qualitiesOf(way).map(({ rank }) => reciprocalRank(rank));
  const others = answers.flatMap(({ outcome: { otherRank } }) =>
    otherRank === undefined ? [] : [reciprocalRank(otherRank)],
  );
  const wanted = answers.map(({ outcome }) => outcome.wanted);
  return {
    ...{ name, kind, title, explanation, queries: answers.length },
    wanted: wanted.reduce((sum, count) => sum + count, 0) / wanted.length,
    ways: waysOf[kind].map((way) => measureWay(way, qualitiesOf(way), options)),
    chance: measureChance(wanted, total),
    againstKeyword: kind === 'text' ? comparePaired(reciprocals('FUSED'), reciprocals('KEYWORD'), options) : null,
    againstOther: others.length === 0 ? null : compareSettings(reciprocals('FUSED'), others, options),
  };
}
