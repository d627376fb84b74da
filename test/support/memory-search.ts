import type { CorpusState } from '../../src/domain/corpus-state.js';
import type { FacetCount } from '../../src/domain/facet.js';
import type { FigureFilter } from '../../src/domain/figure-filter.js';
import { FigureSet, type FigureScope } from '../../src/domain/figure-scope.js';
import type { FigureId, PanelId } from '../../src/domain/ids.js';
import { toPage, type SeqPage } from '../../src/domain/page.js';
import type { StoredHit } from '../../src/domain/stored-hit.js';
import { ArticleSearch } from '../../src/search/article-search.js';
import { DuplicateCollapser } from '../../src/search/duplicates.js';
import { FigureSearch } from '../../src/search/figure-search.js';
import { HeatMaps } from '../../src/search/heat-maps.js';
import { HitEnricher } from '../../src/search/hit-enricher.js';
import { PanelImages } from '../../src/search/panel-images.js';
import { QueryEncoder } from '../../src/search/query-encoder.js';
import { Ranker } from '../../src/search/ranker.js';
import { ResultPager } from '../../src/search/result-pager.js';
import { FigureFilters } from '../../src/ports/figure-filters.js';
import { HitStore } from '../../src/ports/hit-store.js';
import type { ImageReader } from '../../src/ports/image-reader.js';
import type { FigureWrite } from '../../src/domain/figure-write.js';
import { FakeEncoder } from './fake-encoder.js';
import { payloadOf, toPayloadCondition } from './figure-payload.js';
import { MemoryBlobStore } from './memory-blob-store.js';
import { MemoryFigureStore } from './memory-figure-store.js';
import { MemoryKeywordIndex } from './memory-keyword-index.js';
import { MemoryUploadStore } from './memory-upload-store.js';
import { MemoryVectorIndex } from './memory-vector-index.js';

/** Filters over figures in memory, which are numbered in the order of their coming. */
class MemoryFilters extends FigureFilters {
  constructor(private readonly figures: readonly FigureWrite[]) {
    super();
  }

  corpus(): Promise<CorpusState> {
    const last = this.figures.length;
    const versions = { version: String(last), collectionsVersion: '0', masksVersion: '0' };
    const numbers = { lastFigure: last, lastPanel: 100 * last, lastEmbedding: last, lastPanelRemoval: 0 };
    return Promise.resolve({ ...versions, ...numbers, lastWordChange: last });
  }

  resolve(filter: FigureFilter | null): Promise<FigureScope> {
    const scope = { key: JSON.stringify(filter), filter, lastFigure: null };
    return Promise.resolve({ ...scope, count: this.numbersOf(scope).length });
  }

  allowedFigures(scope: FigureScope): Promise<FigureSet> {
    return Promise.resolve(FigureSet.of(this.numbersOf(scope)));
  }

  page(scope: FigureScope, after: number, first: number): Promise<SeqPage<{ readonly id: FigureId }>> {
    const numbers = this.numbersOf(scope).filter((number) => number > after);
    const rows = numbers.flatMap((seq) => {
      const figure = this.figures[seq - 1]?.figure;
      return figure === undefined ? [] : [{ seq, id: figure.id }];
    });
    return Promise.resolve(toPage(rows.slice(0, first + 1), first));
  }

  facet(): Promise<readonly FacetCount[]> {
    return Promise.resolve([]);
  }

  facetOf(): Promise<readonly FacetCount[]> {
    return Promise.resolve([]);
  }

  private numbersOf({ filter }: Pick<FigureScope, 'filter'>): readonly number[] {
    const isAllowed = filter === null ? () => true : toPayloadCondition(filter);
    return this.figures.flatMap((figure, at) => (isAllowed(payloadOf(figure)) ? [at + 1] : []));
  }
}

class MemoryHitStore extends HitStore {
  private readonly hits = new Map<PanelId, StoredHit>();

  add({ figure, panels, article }: FigureWrite): void {
    const stored = article === null ? null : { ...article, retracted: article.retracted ?? false };
    for (const panel of panels) this.hits.set(panel.id, { panel, figure, article: stored });
  }

  delete(figureId: string): void {
    for (const [id, { figure }] of this.hits) if (figure.id === figureId) this.hits.delete(id);
  }

  read(panels: readonly PanelId[]): Promise<ReadonlyMap<PanelId, StoredHit>> {
    const found = panels.flatMap((id) => {
      const hit = this.hits.get(id);
      return hit === undefined ? [] : [[id, hit] as const];
    });
    return Promise.resolve(new Map(found));
  }
}

/** The search over figures in memory, without a model: texts and images have the vectors of `FakeEncoder`. */
export class MemorySearch {
  readonly encoder = new FakeEncoder();
  readonly index = new MemoryVectorIndex(this.encoder.model.dimensions);
  readonly keywords = new MemoryKeywordIndex();
  readonly figures: FigureSearch;
  readonly articles: ArticleSearch;
  private readonly store = new MemoryFigureStore();
  private readonly hits = new MemoryHitStore();
  private readonly all: FigureWrite[] = [];

  /** @param reader for queries by a file; absent: such queries fail */
  constructor(reader: ImageReader | null = null) {
    const readImages = (): ImageReader => {
      if (reader === null) throw new Error('Expected no query by a file');
      return reader;
    };
    const panels = new PanelImages(this.store, new MemoryBlobStore());
    const images = reader ?? (new Proxy({}, { get: readImages }) as ImageReader);
    const corpus = { figures: this.store, index: this.index };
    const files = { uploads: new MemoryUploadStore(), panels, reader: images };
    const queries = new QueryEncoder(this.encoder, corpus, files, (command) => command);
    const filters = new MemoryFilters(this.all);
    const sources = { index: this.index, keywords: this.keywords, filters };
    const ranker = new Ranker(this.index, this.keywords);
    const lists = new ResultPager(
      'fake',
      { encoder: queries, ranker, duplicates: new DuplicateCollapser(this.index) },
      sources,
    );
    const heatMaps = new HeatMaps(this.encoder, queries, { figures: this.store, panels, reader: images });
    const services = { lists, details: new HitEnricher(queries, filters, heatMaps) };
    this.figures = new FigureSearch(() => services, this.hits, 200);
    this.articles = new ArticleSearch(this.figures, this.store, 200);
  }

  add(figure: FigureWrite): void {
    this.all.push(figure);
    this.index.add([figure]);
    this.store.add(figure.figure, figure.panels);
    this.hits.add(figure);
    for (const { id, figureId, caption } of figure.panels) {
      const isWhole = id.endsWith('_0');
      const text = isWhole ? `${figure.figure.caption} ${figure.article?.title ?? ''}` : (caption ?? '');
      this.keywords.add({ panelId: id, figureId, imageKey: figure.figure.imageHash }, text, payloadOf(figure));
    }
  }

  /** Out of the store, as another process would: the indexes do not know yet. */
  deleteStored(figureId: string): void {
    this.hits.delete(figureId);
    this.store.delete(figureId);
  }
}
