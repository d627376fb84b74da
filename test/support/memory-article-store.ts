import type { Article, ArticleReference, GivenArticle } from '../../src/domain/article.js';
import { normalizeArticleId } from '../../src/domain/article-ids.js';
import type { Figure } from '../../src/domain/figure.js';
import type { ArticleId, FigureId } from '../../src/domain/ids.js';
import { valueKey } from '../../src/domain/text/fold-text.js';
import { ArticleStore } from '../../src/ports/article-store.js';
import type { MemoryFigureStore, MemoryRecord } from './memory-figure-store.js';

const articleIdKinds = ['pmcid', 'doi', 'pmid'] as const;

/** The corpus that the articles belong to. */
interface OwnedCorpus {
  readonly records: Map<FigureId, MemoryRecord>;
  readonly figures: MemoryFigureStore;
}

/** Articles in memory, which are merged as the database merges them. */
export class MemoryArticleStore extends ArticleStore {
  readonly articles = new Map<ArticleId, Article>();
  private readonly aliases = new Map<ArticleId, ArticleId>();

  constructor(private readonly corpus: OwnedCorpus) {
    super();
  }

  /** @returns the id under which it is stored */
  upsert(given: GivenArticle): ArticleId {
    const same = this.sameAs(given);
    const id = same[0]?.id ?? given.id;
    this.articles.set(id, same.reduce(complete, { ...given, id, retracted: given.retracted ?? false }));
    if (given.retracted === false) this.articles.set(id, { ...this.stored(id), retracted: false });
    for (const { id: former } of same.slice(1)) this.merge(former, id);
    return id;
  }

  articlesByIds(ids: readonly string[]): Promise<ReadonlyMap<ArticleId, Article>> {
    const found = (ids as readonly ArticleId[]).flatMap((id): [ArticleId, Article][] => {
      const article = this.articles.get(id) ?? this.articles.get(this.aliases.get(id) ?? id);
      return article === undefined ? [] : [[id, article]];
    });
    return Promise.resolve(new Map(found));
  }

  async article(reference: ArticleReference): Promise<Article | null> {
    if (reference.id !== null) return (await this.articlesByIds([reference.id])).get(reference.id as ArticleId) ?? null;
    const kind = articleIdKinds.find((one) => reference[one] !== null);
    if (kind === undefined) return null;
    const wanted = normalizeArticleId(kind, reference[kind] ?? '');
    return [...this.articles.values()].find((article) => article[kind] === wanted) ?? null;
  }

  figuresOfArticle(articleId: string, limit: number, after: string | null): Promise<readonly Figure[] | null> {
    const all = [...this.corpus.records.values()]
      .map(({ figure }) => figure)
      .filter((one) => one.articleId === articleId);
    const from = after === null ? 0 : all.findIndex(({ id }) => id === after) + 1;
    return Promise.resolve(after !== null && from === 0 ? null : all.slice(from, from + limit));
  }

  /** The ids that an article had before it was merged. */
  formerIdsOf(id: ArticleId): readonly ArticleId[] {
    return [...this.aliases].filter(([, target]) => target === id).map(([former]) => former);
  }

  private stored(id: ArticleId): Article {
    const article = this.articles.get(id);
    if (article === undefined) throw new Error(`there is an article ${id}`);
    return article;
  }

  /** Articles that share an id with it and contradict it in none; without any id, one of the same title, journal and year. */
  private sameAs(given: GivenArticle): readonly Article[] {
    const all = [...this.articles.values()];
    if (articleIdKinds.every((kind) => given[kind] === null)) {
      const key = (one: GivenArticle) => [valueKey(one.title), valueKey(one.journal ?? ''), one.year].join('\n');
      const isUnnamed = (one: Article) => articleIdKinds.every((kind) => one[kind] === null);
      return all.filter((one) => isUnnamed(one) && key(one) === key(given)).slice(0, 1);
    }
    return all.filter(
      (one) =>
        articleIdKinds.some((kind) => one[kind] !== null && one[kind] === given[kind]) &&
        articleIdKinds.every((kind) => one[kind] === null || given[kind] === null || one[kind] === given[kind]),
    );
  }

  private merge(former: ArticleId, id: ArticleId): void {
    this.articles.delete(former);
    for (const [alias, target] of this.aliases) if (target === former) this.aliases.set(alias, id);
    this.aliases.set(former, id);
    for (const [figureId, record] of this.corpus.records) {
      if (record.figure.articleId !== former) continue;
      const figure = { ...record.figure, articleId: id };
      this.corpus.records.set(figureId, { ...record, figure });
      this.corpus.figures.add(figure, record.panels);
    }
  }
}

/** A field that the record does not give keeps its former value. */
function complete(article: Article, before: Article): Article {
  const { pmcid, pmid, doi, journal, year, license, licenseText, url } = article;
  return {
    ...article,
    pmcid: pmcid ?? before.pmcid,
    pmid: pmid ?? before.pmid,
    doi: doi ?? before.doi,
    authors: article.authors.length > 0 ? article.authors : before.authors,
    journal: journal ?? before.journal,
    year: year ?? before.year,
    license: license ?? before.license,
    licenseText: licenseText ?? before.licenseText,
    url: url ?? before.url,
    retracted: article.retracted || before.retracted,
  };
}
