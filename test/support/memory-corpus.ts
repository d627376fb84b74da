import { FigseekError } from '../../src/domain/errors.js';
import type { FigureWrite } from '../../src/domain/figure-write.js';
import type { FigureId } from '../../src/domain/ids.js';
import { CorpusCounts } from '../../src/ports/corpus-counts.js';
import { FigureWriter } from '../../src/ports/figure-writer.js';
import { MemoryArticleStore } from './memory-article-store.js';
import { MemoryEmbeddingStore } from './memory-embedding-store.js';
import { MemoryFigureStore, type MemoryRecord } from './memory-figure-store.js';
import { MemoryIngestRunStore } from './memory-ingest-run-store.js';
import { MemorySourceStore } from './memory-source-store.js';

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
    this.corpus.embeddings.replace(figure.id, panels, embeddings);
    sources.restore(figure);
  }

  delete(ids: readonly string[]) {
    const gone = ids.flatMap((id) => this.corpus.records.get(id as FigureId)?.figure ?? []);
    for (const figure of gone) {
      this.corpus.records.delete(figure.id);
      this.corpus.figures.delete(figure.id);
      this.corpus.embeddings.forgetFigure(figure.id);
      this.corpus.sources.rememberDeleted(figure);
    }
    return Promise.resolve(gone.map(({ id, imageHash }) => ({ id, imageHash })));
  }
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
