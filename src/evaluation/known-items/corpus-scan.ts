import type { Article } from '../../domain/article.js';
import type { Figure } from '../../domain/figure.js';
import type { ArticleId, FigureId } from '../../domain/ids.js';
import type { ArticleStore } from '../../ports/article-store.js';
import type { FigureFilters } from '../../ports/figure-filters.js';
import type { FigureStore } from '../../ports/figure-store.js';
import { HolderCounter, wordsOf, type WordHolders } from './caption-queries.js';

/** What is read of a corpus to make queries from it. */
export interface EvaluatedStores {
  readonly figures: Pick<FigureStore, 'sampleEvenly' | 'figuresByIds'>;
  readonly articles: Pick<ArticleStore, 'articlesByIds' | 'figuresOfArticle'>;
  readonly filters: Pick<FigureFilters, 'corpus' | 'resolve' | 'page'>;
}

/** What is known of the whole corpus about the figures that queries are made from. */
export interface CorpusScan {
  readonly total: number;
  /** For the words of the sampled captions; of a word in more captions than `mostHolders` one more than these. */
  readonly holders: WordHolders;
  /** Figures by the id of their record or their own, for the ids that are looked for: two sources may use the same. */
  readonly byKey: ReadonlyMap<string, readonly FigureId[]>;
}

/** Holders of a word that are kept: a word of more captions makes no query. */
export const mostHolders = 100;
const pageSize = 1000;

/**
 * Goes through all figures, a thousand at a time, for the words and ids of the sampled ones.
 * @param keys further ids of records or figures that are looked for
 */
export async function scanCorpus(
  stores: EvaluatedStores,
  sampled: readonly Figure[],
  keys: readonly string[],
  onProgress: (done: number) => void,
): Promise<CorpusScan> {
  const words = new Set(sampled.flatMap(({ caption }) => [...wordsOf(caption)]));
  const counter = new HolderCounter(words, mostHolders);
  const wanted = [...sampled.map(({ sourceKey }) => sourceKey), ...keys];
  const byKey = new Map<string, FigureId[]>(wanted.map((key) => [key, []]));
  let total = 0;
  for await (const figures of allFigures(stores)) {
    total += figures.length;
    for (const figure of figures) {
      counter.add(figure);
      byKey.get(figure.sourceKey)?.push(figure.id);
      byKey.get(figure.id)?.push(figure.id);
    }
    onProgress(total);
  }
  return { total, holders: counter.holders, byKey };
}

async function* allFigures({ filters, figures }: EvaluatedStores): AsyncGenerator<readonly Figure[]> {
  const scope = await filters.resolve(null, await filters.corpus());
  let [after, hasNext] = [0, true];
  while (hasNext) {
    const { items, hasNextPage } = await filters.page(scope, after, pageSize);
    const found = await figures.figuresByIds(items.map(({ id }) => id));
    yield items.flatMap(({ id }) => found.get(id) ?? []);
    after = items.at(-1)?.seq ?? after;
    hasNext = hasNextPage;
  }
}

/** Articles of the figures, by their ids. */
export async function articlesOf(
  { articles }: Pick<EvaluatedStores, 'articles'>,
  figures: readonly Figure[],
): Promise<ReadonlyMap<ArticleId, Article>> {
  const ids = [...new Set(figures.flatMap(({ articleId }) => articleId ?? []))];
  const found = new Map<ArticleId, Article>();
  for (let start = 0; start < ids.length; start += pageSize) {
    for (const [id, article] of await articles.articlesByIds(ids.slice(start, start + pageSize)))
      found.set(id, article);
  }
  return found;
}
