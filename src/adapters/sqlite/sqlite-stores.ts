import type { ArticleStore } from '../../ports/article-store.js';
import type { CollectionStore } from '../../ports/collection-store.js';
import type { CorpusCounts } from '../../ports/corpus-counts.js';
import type { CurationStore } from '../../ports/curation-store.js';
import type { DetectionStore } from '../../ports/detection-store.js';
import type { DuplicateDecisionStore } from '../../ports/duplicate-decision-store.js';
import type { EmbeddingSource } from '../../ports/embedding-source.js';
import type { EmbeddingStore } from '../../ports/embedding-store.js';
import type { FigureEditStore } from '../../ports/figure-edit-store.js';
import type { FigureAttributes } from '../../ports/figure-attributes.js';
import type { FigureFilters } from '../../ports/figure-filters.js';
import type { FigureStore } from '../../ports/figure-store.js';
import type { FigureWriter } from '../../ports/figure-writer.js';
import type { HitStore } from '../../ports/hit-store.js';
import type { IngestRunStore } from '../../ports/ingest-run-store.js';
import type { KeywordIndex } from '../../ports/keyword-index.js';
import type { PanelClassStore } from '../../ports/panel-class-store.js';
import type { PictureStore } from '../../ports/picture-store.js';
import type { MaskStore } from '../../ports/mask-store.js';
import type { PanelDirectory } from '../../ports/panel-directory.js';
import type { SettingsStore } from '../../ports/settings-store.js';
import type { SourceStore } from '../../ports/source-store.js';
import { Stores } from '../../ports/stores.js';
import { SqliteArticleStore } from './article-store.js';
import { SqliteCollectionStore } from './collection-store.js';
import { SqliteCorpusCounts } from './corpus-counts.js';
import { SqliteCurationStore } from './curation-store.js';
import type { Database } from './database.js';
import { SqliteDetectionStore } from './detection-store.js';
import { SqliteDuplicateDecisionStore } from './duplicate-decision-store.js';
import { EmbeddingReader } from './embedding-reader.js';
import { SqliteEmbeddingStore } from './embedding-store.js';
import { SqliteFigureAttributes } from './figure-attributes.js';
import { FilterReader } from './filter-reader.js';
import { SqliteFigureEditStore } from './figure-edit-store.js';
import { SqliteFigureStore } from './figure-store.js';
import { SqliteFigureWriter } from './figure-writer.js';
import { SqliteHitStore } from './hit-store.js';
import { SqliteIngestRunStore } from './ingest-run-store.js';
import { KeywordSearch } from './keywords/keyword-search.js';
import { SqliteMaskStore } from './mask-store.js';
import { SqlitePanelClassStore } from './panel-class-store.js';
import { SqlitePanelDirectory } from './panel-directory.js';
import { SqlitePictureStore } from './picture-store.js';
import { SqliteSettingsStore } from './settings-store.js';
import { SqliteSourceStore } from './source-store.js';

/** The stores over one database file. */
export class SqliteStores extends Stores {
  readonly id: string;
  readonly file: string;
  readonly figures: FigureStore;
  readonly articles: ArticleStore;
  readonly writer: FigureWriter;
  readonly edits: FigureEditStore;
  readonly sources: SourceStore;
  readonly runs: IngestRunStore;
  readonly embeddings: EmbeddingStore;
  readonly counts: CorpusCounts;
  readonly hits: HitStore;
  readonly filters: FigureFilters;
  readonly attributes: FigureAttributes;
  readonly panels: PanelDirectory;
  readonly keywords: KeywordIndex;
  readonly masks: MaskStore;
  readonly detections: DetectionStore;
  readonly collections: CollectionStore;
  readonly curation: CurationStore;
  readonly settings: SettingsStore;
  readonly pictures: PictureStore;
  readonly decisions: DuplicateDecisionStore;
  readonly classes: PanelClassStore;
  readonly vectors: EmbeddingSource;

  constructor(readonly database: Database) {
    super();
    this.id = database.id;
    this.file = database.file;
    this.figures = new SqliteFigureStore(database);
    this.articles = new SqliteArticleStore(database);
    this.writer = new SqliteFigureWriter(database);
    this.edits = new SqliteFigureEditStore(database);
    this.sources = new SqliteSourceStore(database);
    this.runs = new SqliteIngestRunStore(database);
    this.embeddings = new SqliteEmbeddingStore(database);
    this.counts = new SqliteCorpusCounts(database);
    this.hits = new SqliteHitStore(database);
    this.filters = new FilterReader(database);
    this.attributes = new SqliteFigureAttributes(database);
    this.panels = new SqlitePanelDirectory(database);
    this.keywords = new KeywordSearch(database, this.panels, this.filters);
    this.masks = new SqliteMaskStore(database);
    this.detections = new SqliteDetectionStore(database);
    this.collections = new SqliteCollectionStore(database);
    this.curation = new SqliteCurationStore(database);
    this.pictures = new SqlitePictureStore(database);
    this.decisions = new SqliteDuplicateDecisionStore(database);
    this.classes = new SqlitePanelClassStore(database);
    this.settings = new SqliteSettingsStore(database);
    this.vectors = new EmbeddingReader(database);
  }
  checkPresent(): Promise<void> {
    return this.database.checkPresent();
  }

  close(): Promise<void> {
    return this.database.close();
  }
}
