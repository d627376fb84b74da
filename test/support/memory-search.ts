import { ArticleSearch } from '../../src/search/article-search.js';
import { DuplicateCollapser } from '../../src/search/duplicates.js';
import { FigureSearch } from '../../src/search/figure-search.js';
import { HeatMaps } from '../../src/search/heat-maps.js';
import { HitEnricher } from '../../src/search/hit-enricher.js';
import { Synonyms } from '../../src/domain/text/synonyms.js';
import { PanelImages } from '../../src/search/panel-images.js';
import { TextNoise } from '../../src/search/text-noise.js';
import { TunedSearch } from '../../src/search/tuned-search.js';
import { QueryInterpreter } from '../../src/search/query-interpreter.js';
import { QueryEncoder } from '../../src/search/query-encoder.js';
import { Spelling } from '../../src/search/spelling.js';
import { Ranker } from '../../src/search/ranker.js';
import { ResultPager } from '../../src/search/result-pager.js';
import type { ImageReader } from '../../src/ports/image-reader.js';
import type { FigureWrite } from '../../src/domain/figure-write.js';
import { FakeEncoder } from './fake-encoder.js';
import { payloadOf } from './figure-payload.js';
import { MemoryBlobStore } from './memory-blob-store.js';
import { MemoryCorpus } from './memory-corpus.js';
import { MemorySettingsStore } from './memory-settings-store.js';
import { MemoryKeywordIndex } from './memory-keyword-index.js';
import { MemoryUploadStore } from './memory-upload-store.js';
import { MemoryVectorIndex } from './memory-vector-index.js';

/** The search over figures in memory, without a model: texts and images have the vectors of `FakeEncoder`. */
export class MemorySearch {
  readonly encoder = new FakeEncoder();
  readonly keywords = new MemoryKeywordIndex();
  readonly figures: FigureSearch;
  readonly articles: ArticleSearch;
  readonly stored = new MemoryCorpus();
  readonly index = new MemoryVectorIndex(this.encoder.model.dimensions, (id) =>
    this.stored.collections.collectionsOf(id),
  );
  readonly settings = new MemorySettingsStore();
  readonly tuned = new TunedSearch(this.settings, this.encoder.model.version);

  /** @param reader for queries by a file; absent: such queries fail */
  constructor(reader: ImageReader | null = null) {
    const readImages = (): ImageReader => {
      if (reader === null) throw new Error('Expected no query by a file');
      return reader;
    };
    const { figures, filters, hits } = this.stored;
    const panels = new PanelImages(figures, new MemoryBlobStore());
    const images = reader ?? (new Proxy({}, { get: readImages }) as ImageReader);
    const corpus = { figures, index: this.index };
    const files = { uploads: new MemoryUploadStore(), panels, reader: images };
    const queries = new QueryEncoder(this.encoder, corpus, files, (command) => command);
    const sources = { index: this.index, keywords: this.keywords, filters };
    const ranker = new Ranker(this.index, this.keywords);
    const lists = new ResultPager(
      'fake',
      {
        interpreter: new QueryInterpreter(this.keywords, filters, Synonyms.parse([])),
        encoder: queries,
        noise: new TextNoise(this.encoder, this.index),
        ranker,
        duplicates: new DuplicateCollapser(this.stored.panels),
      },
      sources,
      this.tuned,
    );
    const heatMaps = new HeatMaps(this.encoder, queries, { figures, panels, reader: images });
    const services = { lists, details: new HitEnricher(queries, filters, heatMaps, new Spelling(this.keywords)) };
    this.figures = new FigureSearch(() => services, hits, 200);
    this.articles = new ArticleSearch(this.figures, figures, 200);
  }

  async add(figure: FigureWrite): Promise<void> {
    await this.stored.writer.replace([figure]);
    this.index.add([figure]);
    for (const { id, figureId, caption } of figure.panels) {
      const isWhole = id.endsWith('_0');
      const text = isWhole ? `${figure.figure.caption} ${figure.article?.title ?? ''}` : (caption ?? '');
      this.keywords.add({ panelId: id, figureId, imageKey: figure.figure.imageHash }, text, payloadOf(figure));
    }
  }

  /** Out of the store, as another process would: the indexes do not know yet. */
  async deleteStored(figureId: string): Promise<void> {
    await this.stored.writer.delete([figureId]);
  }
}
