import type { ArticleStore } from './article-store.js';
import type { CollectionStore } from './collection-store.js';
import type { CorpusCounts } from './corpus-counts.js';
import type { CurationStore } from './curation-store.js';
import type { DetectionStore } from './detection-store.js';
import type { DuplicateDecisionStore } from './duplicate-decision-store.js';
import type { EmbeddingSource } from './embedding-source.js';
import type { EmbeddingStore } from './embedding-store.js';
import type { FigureEditStore } from './figure-edit-store.js';
import type { FigureAttributes } from './figure-attributes.js';
import type { FigureFilters } from './figure-filters.js';
import type { FigureStore } from './figure-store.js';
import type { FigureWriter } from './figure-writer.js';
import type { HitStore } from './hit-store.js';
import type { IngestRunStore } from './ingest-run-store.js';
import type { KeywordIndex } from './keyword-index.js';
import type { MaskStore } from './mask-store.js';
import type { PanelClassStore } from './panel-class-store.js';
import type { PanelDirectory } from './panel-directory.js';
import type { PictureStore } from './picture-store.js';
import type { SettingsStore } from './settings-store.js';
import type { SourceStore } from './source-store.js';

/**
 * All that one engine keeps of a corpus, each store by its port. An engine is one such class; it is made once a process, as
 * some of its stores keep in memory what they read.
 */
export abstract class Stores {
  abstract readonly figures: FigureStore;
  abstract readonly articles: ArticleStore;
  abstract readonly writer: FigureWriter;
  abstract readonly edits: FigureEditStore;
  abstract readonly sources: SourceStore;
  abstract readonly runs: IngestRunStore;
  abstract readonly embeddings: EmbeddingStore;
  abstract readonly counts: CorpusCounts;
  abstract readonly hits: HitStore;
  abstract readonly filters: FigureFilters;
  abstract readonly attributes: FigureAttributes;
  abstract readonly panels: PanelDirectory;
  abstract readonly keywords: KeywordIndex;
  abstract readonly masks: MaskStore;
  abstract readonly detections: DetectionStore;
  abstract readonly collections: CollectionStore;
  abstract readonly curation: CurationStore;
  abstract readonly settings: SettingsStore;
  abstract readonly pictures: PictureStore;
  abstract readonly decisions: DuplicateDecisionStore;
  abstract readonly classes: PanelClassStore;
  /** What vector indexes are built from. */
  abstract readonly vectors: EmbeddingSource;

  /** Made with the corpus: folders of indexes carry it, so that an index can never be taken for another corpus's. */
  abstract readonly id: string;

  /** The path of the file that holds the corpus; null where the engine keeps it in no file. */
  abstract readonly file: string | null;

  /** @throws {FigseekError} DATABASE_UNAVAILABLE where what is written now would be lost */
  abstract checkPresent(): Promise<void>;

  /** Waits for the writes that began. */
  abstract close(): Promise<void>;
}
