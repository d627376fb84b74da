import type { Article, ArticleReference, GivenArticle } from '../../src/domain/article.js';
import { normalizeArticleId } from '../../src/domain/article-ids.js';
import type { BackfilledEmbedding, NewEmbedding, UnembeddedPanel } from '../../src/domain/embedding.js';
import { FigseekError } from '../../src/domain/errors.js';
import type { Figure, Panel } from '../../src/domain/figure.js';
import type { FigureWrite } from '../../src/domain/figure-write.js';
import type { ArticleId, FigureId, PanelId } from '../../src/domain/ids.js';
import type { VectorKind } from '../../src/domain/search.js';
import { valueKey } from '../../src/domain/text/fold-text.js';
import { ArticleStore } from '../../src/ports/article-store.js';
import { CorpusCounts } from '../../src/ports/corpus-counts.js';
import { EmbeddingStore } from '../../src/ports/embedding-store.js';
import { FigureWriter } from '../../src/ports/figure-writer.js';
import { MemoryFigureStore, type MemoryRecord } from './memory-figure-store.js';
import { MemoryIngestRunStore } from './memory-ingest-run-store.js';
import { MemorySourceStore } from './memory-source-store.js';

const articleIdKinds = ['pmcid', 'doi', 'pmid'] as const;

/** The stores of one corpus in memory. */
export class MemoryCorpus {
  readonly records = new Map<FigureId, MemoryRecord>();
  readonly figures = new MemoryFigureStore();
  readonly articles = new MemoryArticleStore(this);
  readonly embeddings = new MemoryEmbeddingStore(this);
  readonly sources = new MemorySourceStore(this);
  readonly writer = new MemoryFigureWriter(this);
  readonly runs = new MemoryIngestRunStore();
  readonly counts = new MemoryCorpusCounts(this);
}

class MemoryFigureWriter extends FigureWriter {
  constructor(private readonly corpus: MemoryCorpus) {
    super();
  }

  replace(figures: readonly FigureWrite[]): Promise<void> {
    const { records } = this.corpus;
    for (const { figure } of figures) {
      const before = records.get(figure.id)?.figure.source ?? '';
      if (before !== '' && before !== figure.source) {
        return Promise.reject(new FigseekError('CONFLICT', `Another source stored ${figure.sourceKey}`));
      }
    }
    for (const bundle of figures) this.replaceOne(bundle);
    return Promise.resolve();
  }

  private replaceOne({ article, figure: given, panels, recordHash, embeddings }: FigureWrite): void {
    const { records, figures, articles, sources } = this.corpus;
    const articleId = article === null ? null : articles.upsert(article);
    const createdAt = records.get(given.id)?.figure.createdAt ?? given.createdAt;
    const figure = { ...given, articleId, createdAt };
    figures.add(figure, panels);
    records.set(figure.id, { figure, panels, recordHash });
    this.corpus.embeddings.replace(panels, embeddings);
    sources.restore(figure);
  }

  delete(ids: readonly string[]) {
    const gone = ids.flatMap((id) => this.corpus.records.get(id as FigureId)?.figure ?? []);
    for (const figure of gone) {
      this.corpus.records.delete(figure.id);
      this.corpus.figures.delete(figure.id);
      this.corpus.sources.rememberDeleted(figure);
    }
    return Promise.resolve(gone.map(({ id, imageHash }) => ({ id, imageHash })));
  }
}

class MemoryArticleStore extends ArticleStore {
  readonly articles = new Map<ArticleId, Article>();
  private readonly aliases = new Map<ArticleId, ArticleId>();

  constructor(private readonly corpus: MemoryCorpus) {
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

/** What a record does not say stays as it was. */
function complete(article: Article, before: Article): Article {
  const { pmcid, pmid, doi, journal, year, license, url } = article;
  return {
    ...article,
    pmcid: pmcid ?? before.pmcid,
    pmid: pmid ?? before.pmid,
    doi: doi ?? before.doi,
    authors: article.authors.length > 0 ? article.authors : before.authors,
    journal: journal ?? before.journal,
    year: year ?? before.year,
    license: license ?? before.license,
    url: url ?? before.url,
    retracted: article.retracted || before.retracted,
  };
}

class MemoryEmbeddingStore extends EmbeddingStore {
  /** Numbers of panels, which are never given twice. */
  private readonly numbers = new Map<string, number>();
  private readonly vectors = new Map<string, NewEmbedding>();
  private lastNumber = 0;

  constructor(private readonly corpus: MemoryCorpus) {
    super();
  }

  /** Gives the panels new numbers, and these vectors in the place of all others. */
  replace(panels: readonly Panel[], embeddings: readonly NewEmbedding[]): void {
    const ids = new Set<string>(panels.map(({ id }) => id));
    for (const [key, { panelId }] of this.vectors) if (ids.has(panelId)) this.vectors.delete(key);
    for (const { id } of panels) this.numbers.set(id, (this.lastNumber += 1));
    for (const one of embeddings) this.vectors.set(keyOf(one.panelId, one.space, one.kind), one);
  }

  /** Whether each of the panels has an image vector of the space. */
  areEmbedded(panels: readonly Panel[], space: string): boolean {
    return panels.every(({ id }) => this.vectors.has(keyOf(id, space, 'IMAGE')));
  }

  add(embeddings: readonly BackfilledEmbedding[]): Promise<void> {
    for (const { recordHash, ...one } of embeddings) {
      const isThere = this.present().some(
        ({ panel, record }) => panel.id === one.panelId && record.recordHash === recordHash,
      );
      const key = keyOf(one.panelId, one.space, one.kind);
      if (isThere && !this.vectors.has(key)) this.vectors.set(key, one);
    }
    return Promise.resolve();
  }

  listPanelsMissingEmbedding(space: string, seq: number, limit: number): Promise<readonly UnembeddedPanel[]> {
    const missing = this.missing(space)
      .map(({ panel, record: { figure, recordHash } }) => {
        const { sourceKey, imageHash } = figure;
        return { seq: this.numbers.get(panel.id) ?? 0, panel, sourceKey, imageHash, recordHash };
      })
      .filter((one) => one.seq > seq)
      .sort((one, other) => one.seq - other.seq);
    return Promise.resolve(missing.slice(0, limit));
  }

  countPanelsMissingEmbedding(space: string): Promise<number> {
    return Promise.resolve(this.missing(space).length);
  }

  vectorOfPanel(panelId: string, space: string, kind: VectorKind): Promise<Float32Array | null> {
    const isThere = this.present().some(({ panel }) => panel.id === panelId);
    return Promise.resolve((isThere ? this.vectors.get(keyOf(panelId, space, kind))?.vector : null) ?? null);
  }

  async imageVectorsOfPanels(ids: readonly string[], space: string): Promise<ReadonlyMap<PanelId, Float32Array>> {
    const found = new Map<PanelId, Float32Array>();
    for (const id of ids) {
      const vector = await this.vectorOfPanel(id, space, 'IMAGE');
      if (vector !== null) found.set(id as PanelId, vector);
    }
    return found;
  }

  spaces(): Promise<readonly string[]> {
    return Promise.resolve([...new Set([...this.vectors.values()].map(({ space }) => space))]);
  }

  deleteSpace(space: string): Promise<number> {
    const keys = [...this.vectors].filter(([, one]) => one.space === space).map(([key]) => key);
    for (const key of keys) this.vectors.delete(key);
    return Promise.resolve(keys.length);
  }

  private missing(space: string) {
    return this.present().filter(({ panel }) => !this.vectors.has(keyOf(panel.id, space, 'IMAGE')));
  }

  private present(): readonly { readonly panel: Panel; readonly record: MemoryRecord }[] {
    return [...this.corpus.records.values()].flatMap((record) => record.panels.map((panel) => ({ panel, record })));
  }
}

function keyOf(panelId: string, space: string, kind: VectorKind): string {
  return `${panelId} ${space} ${kind}`;
}

class MemoryCorpusCounts extends CorpusCounts {
  constructor(private readonly corpus: MemoryCorpus) {
    super();
  }

  counts() {
    const records = [...this.corpus.records.values()];
    return Promise.resolve({
      articles: this.corpus.articles.articles.size,
      figures: records.length,
      panels: records.reduce((sum, { panels }) => sum + panels.length, 0),
    });
  }

  countBy(field: 'modality' | 'license' | 'year') {
    const values = [...this.corpus.records.values()].flatMap(({ figure }) => {
      const article = figure.articleId === null ? undefined : this.corpus.articles.articles.get(figure.articleId);
      return (field === 'year' ? article?.year?.toString() : figure[field]) ?? [];
    });
    const counts = new Map<string, number>();
    for (const value of values) if (value !== '') counts.set(value, (counts.get(value) ?? 0) + 1);
    return Promise.resolve(
      [...counts]
        .map(([value, count]) => ({ value, count }))
        .sort((one, other) => other.count - one.count || (one.value < other.value ? -1 : 1)),
    );
  }
}
