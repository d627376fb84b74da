import type { Article } from '../../domain/article.js';
import type { Figure } from '../../domain/figure.js';
import type { ArticleId, FigureId, ImageHash } from '../../domain/ids.js';
import type { RawImage } from '../../domain/raw-image.js';
import { SeededRandom } from '../../domain/seeded-random.js';
import { pictureEdits } from '../../imaging/pictures/picture-edits.js';
import { CaptionQueries, type TextQuery } from './caption-queries.js';
import { articlesOf, mostHolders, scanCorpus, type CorpusScan, type EvaluatedStores } from './corpus-scan.js';
import { judgedClasses, type JudgedTexts } from './judgments.js';
import type { AbsentClass, KnownItemQuery, QueryClass } from './known-item-query.js';

/** What queries are made from, and how many. */
export interface QueryOptions {
  readonly seed: string;
  /** Queries of each class, at most. */
  readonly count: number;
  /** Texts of a person's own, each with the figures that are right. */
  readonly judgments: readonly JudgedTexts[];
  /** @throws {FigseekError} for an image that is gone or damaged */
  readonly readImage: (hash: ImageHash) => Promise<RawImage>;
  readonly onProgress: (done: number) => void;
}

export interface MadeQueries {
  /** Figures of the corpus. */
  readonly total: number;
  readonly classes: readonly QueryClass[];
  readonly absent: readonly AbsentClass[];
}

/** As `figseek bench duplicates` makes them (src/imaging/pictures/picture-edits.ts). */
export const measuredChanges: readonly string[] = [
  ...['quarter size', 'JPEG 30', 'dark border', 'white border', 'grayscale'],
  ...['brighter', 'mirrored', 'rotated by 90°', 'crop of 80 %', 'crop of 60 %'],
];

const mostSampled = 4000;
const [leastRare, mostRare] = [2, 6];
const mostInPairs = 60;
const phraseLength = 6;
/** A journal with more figures than that is no item that anybody looks for by its name alone. */
const mostOfJournal = 200;

/**
 * Known-item queries from a corpus without labels. The same corpus and the same seed give the same ones. Of a corpus with more than 4,000
 * figures, they are made from as many, evenly spread; what is right is looked for among all figures.
 * @throws {FigseekError} BAD_USER_INPUT for a judgment of a figure that is not there
 */
export async function makeQueries(stores: EvaluatedStores, options: QueryOptions): Promise<MadeQueries> {
  const figures = await stores.figures.sampleEvenly(mostSampled);
  const keys = options.judgments.flatMap(({ judgments }) => judgments.flatMap(({ relevant }) => relevant));
  const scan = await scanCorpus(stores, figures, keys, options.onProgress);
  const articles = await articlesOf(stores, figures);
  const maker = new QueryMaker(stores, options, { figures, articles, scan });
  const judged = judgedClasses(options.judgments, scan.byKey);
  const made = [
    ...(await maker.fromCaptions()),
    maker.fromKeys(),
    ...(await maker.fromArticleIds()),
    await maker.fromJournals(),
    ...maker.fromImages(),
  ];
  return {
    total: scan.total,
    classes: [...judged, ...made.flatMap(({ reason: _, ...one }) => (one.queries.length > 0 ? [one] : []))],
    absent: made.flatMap(({ name, title, reason, queries }) => (queries.length > 0 ? [] : [{ name, title, reason }])),
  };
}

/** A class, and why it may be empty. */
type MadeClass = QueryClass & { readonly reason: string };

class QueryMaker {
  constructor(
    private readonly stores: EvaluatedStores,
    private readonly options: QueryOptions,
    private readonly corpus: {
      readonly figures: readonly Figure[];
      readonly articles: ReadonlyMap<ArticleId, Article>;
      readonly scan: CorpusScan;
    },
  ) {}

  async fromCaptions(): Promise<readonly MadeClass[]> {
    const { count } = this.options;
    const words = this.captionQueries('words').words(count, leastRare, mostRare);
    const pairs = this.captionQueries('pairs').pairs(count, mostInPairs);
    const phrases = this.captionQueries('phrases');
    const made = phrases.phrases(count, phraseLength);
    const withAll = await Promise.all(made.map((query) => this.withSamePhrase(query, phrases)));
    const text = { kind: 'text' } as const;
    return [
      {
        ...{ ...text, name: 'rare-words', title: 'A rare word', queries: words.flatMap(toQuery) },
        explanation: 'One word that 2 to 6 captions hold; every figure whose caption holds it is right.',
        reason: 'no word of four letters or more stands in 2 to 6 captions',
      },
      {
        ...{ ...text, name: 'word-pairs', title: 'Two words of a caption', queries: pairs.flatMap(toQuery) },
        explanation: 'Two words of one caption; every figure whose caption holds both is right.',
        reason: 'no caption holds two words that few others hold',
      },
      {
        ...{ ...text, name: 'phrases', title: 'Six words of a caption', queries: withAll.flatMap(toQuery) },
        explanation: 'Six words as they follow each other in one caption; every figure with this phrase is right.',
        reason: 'no caption has more than twelve words',
      },
    ];
  }

  /** The id of the record, as its source gives it. */
  fromKeys(): MadeClass {
    const { figures, scan } = this.corpus;
    const queries = this.random('keys')
      .sample(figures, this.options.count)
      .map(({ id, sourceKey }) => toTextQuery(sourceKey, [id, ...(scan.byKey.get(sourceKey) ?? [])]));
    return {
      ...{ name: 'record-ids', kind: 'text', title: 'The id of a figure', queries: queries.flat() },
      explanation: 'The id that the source gave a figure, typed as it is; the figure is right.',
      reason: 'the corpus is empty',
    };
  }

  async fromArticleIds(): Promise<readonly MadeClass[]> {
    const byArticle = async (name: 'pmcids' | 'dois', idOf: (article: Article) => string | null) => {
      const named = [...this.corpus.articles.values()].flatMap((article) => {
        const id = idOf(article);
        return id === null ? [] : [{ articleId: article.id, id }];
      });
      const queries: KnownItemQuery[] = [];
      for (const { articleId, id } of this.random(name).sample(named, this.options.count)) {
        const figures = (await this.stores.articles.figuresOfArticle(articleId, mostOfJournal, null)) ?? [];
        queries.push(
          ...toTextQuery(
            id,
            figures.map((figure) => figure.id),
          ),
        );
      }
      return queries;
    };
    const [pmcids, dois] = [await byArticle('pmcids', ({ pmcid }) => pmcid), await byArticle('dois', ({ doi }) => doi)];
    return [
      {
        ...{ name: 'pmcids', kind: 'text', title: 'A PMC id', queries: pmcids },
        explanation: 'The PubMed Central id of an article; its figures are right.',
        reason: 'no article has a PMC id',
      },
      {
        ...{ name: 'dois', kind: 'text', title: 'A DOI', queries: dois },
        explanation: 'The DOI of an article; its figures are right.',
        reason: 'no article has a DOI',
      },
    ];
  }

  async fromJournals(): Promise<MadeClass> {
    const { articles, scan } = this.corpus;
    const names = [...new Set([...articles.values()].flatMap(({ journal }) => journal ?? []))];
    const most = Math.min(mostOfJournal, Math.floor(scan.total / 2));
    const queries: KnownItemQuery[] = [];
    for (const name of this.random('journals').sample(names, names.length)) {
      if (queries.length === this.options.count) break;
      const { filters } = this.stores;
      const scope = await filters.resolve({ journals: [name], excludeRetracted: false }, await filters.corpus());
      if (scope.count === 0 || scope.count > most) continue;
      const { items } = await filters.page(scope, 0, most);
      queries.push(
        ...toTextQuery(
          name,
          items.map(({ id }) => id),
        ),
      );
    }
    return {
      ...{ name: 'journals', kind: 'text', title: 'The name of a journal', queries },
      explanation: 'The name of a journal with at most 200 figures; all figures of its articles are right.',
      reason: `no journal has 1 to ${most} figures`,
    };
  }

  /** The same figures with each change, so that changes can be compared. */
  fromImages(): readonly MadeClass[] {
    const copied = this.random('copies').sample(this.corpus.figures, this.options.count);
    return pictureEdits
      .filter(({ name }) => measuredChanges.includes(name))
      .map(({ name, apply }) => ({
        ...{ name: `copy: ${name}`, kind: 'image', title: name },
        explanation: `The image of a figure, changed (${name}); the figure itself is right.`,
        reason: 'the corpus is empty',
        queries: copied.map(({ id, imageHash }) => ({
          asked: {
            kind: 'image',
            change: name,
            read: async () => apply(await this.options.readImage(imageHash)),
          },
          wanted: new Set([id]),
          figureId: id,
        })),
      }));
  }

  /** The phrase may stand in captions of other figures as well: these are right, too. */
  private async withSamePhrase(query: TextQuery, queries: CaptionQueries): Promise<TextQuery> {
    const candidates = queries.candidatesOf(query.text, mostHolders);
    if (candidates === null) return query;
    const phrase = plain(query.text);
    const figures = await this.stores.figures.figuresByIds([...candidates]);
    const holding = [...figures.values()].filter(({ caption }) => plain(caption).includes(phrase));
    return { ...query, wanted: new Set([...query.wanted, ...holding.map(({ id }) => id)]) };
  }

  private captionQueries(part: string): CaptionQueries {
    return new CaptionQueries(this.corpus.figures, this.corpus.scan.holders, this.random(part));
  }

  /** Each class has a generator of its own: another number of queries of one leaves the others as they are. */
  private random(part: string): SeededRandom {
    return new SeededRandom(`${this.options.seed}/${part}`);
  }
}

function plain(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

function toQuery({ text, wanted }: TextQuery): readonly KnownItemQuery[] {
  return toTextQuery(text, [...wanted] as FigureId[]);
}

/** @param figures the one that it was made from first @returns nothing for a text that cannot be asked */
function toTextQuery(text: string, figures: readonly FigureId[]): readonly KnownItemQuery[] {
  const [figureId] = figures;
  if (figureId === undefined || text.trim() === '') return [];
  return [{ asked: { kind: 'text', text }, wanted: new Set(figures), figureId }];
}
