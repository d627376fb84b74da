import type { FigureId } from '../../src/domain/ids.js';
import { FigureAttributes, type FigureAttribute } from '../../src/ports/figure-attributes.js';
import type { MemoryArticleStore } from './memory-article-store.js';
import type { MemoryCollectionStore } from './memory-collection-store.js';
import type { MemoryRecord } from './memory-figure-store.js';

/** The corpus that the facts are read from. */
interface OwnedCorpus {
  readonly records: ReadonlyMap<FigureId, MemoryRecord>;
  readonly articles: Pick<MemoryArticleStore, 'articles'>;
  readonly collections: Pick<MemoryCollectionStore, 'ofFigures'>;
  numberOf(figureId: FigureId): number;
}

/** Facts of figures from records in memory. */
export class MemoryFigureAttributes extends FigureAttributes {
  constructor(private readonly corpus: OwnedCorpus) {
    super();
  }

  async list(after: number, limit: number): Promise<readonly FigureAttribute[]> {
    const collections = await this.corpus.collections.ofFigures([...this.corpus.records.keys()]);
    return this.numbered()
      .filter(({ number }) => number > after)
      .slice(0, limit)
      .map(({ number, figure }) => ({
        ...{ number, id: figure.id, modality: textOf(figure.modality), label: textOf(figure.labels[0]) },
        year: (figure.articleId === null ? null : this.corpus.articles.articles.get(figure.articleId)?.year) ?? null,
        collectionId: collections.get(figure.id)?.[0]?.id ?? null,
      }));
  }

  captions(numbers: readonly number[]): Promise<ReadonlyMap<number, string>> {
    const found = this.numbered().filter(({ number, figure }) => numbers.includes(number) && figure.caption !== '');
    return Promise.resolve(new Map(found.map(({ number, figure }) => [number, figure.caption])));
  }

  private numbered() {
    return [...this.corpus.records.values()]
      .map(({ figure }) => ({ number: this.corpus.numberOf(figure.id), figure }))
      .sort((one, other) => one.number - other.number);
  }
}

function textOf(text: string | null | undefined): string | null {
  return text === undefined || text === '' ? null : text;
}
