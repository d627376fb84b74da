import type { Provider } from '@nestjs/common';
import { CollectionImport } from '../corpus/collection-import.js';
import { Collections } from '../corpus/collections.js';
import { Curation } from '../corpus/curation.js';
import { CorpusOverview } from '../corpus/corpus-overview.js';
import { CorpusReader } from '../corpus/corpus-reader.js';
import { CollectionExport } from '../corpus/export/collection-export.js';
import { FigureEdits } from '../corpus/figure-edits.js';
import { FigureEditor } from '../corpus/figure-editor.js';
import { PanelCorrections } from '../corpus/panel-corrections.js';
import { FigureImages } from '../corpus/figure-images.js';
import { FigureList } from '../corpus/figure-list.js';
import { DuplicateReview } from '../corpus/pictures/duplicate-review.js';
import { FigureDuplicates } from '../corpus/pictures/figure-duplicates.js';
import { PictureMatching } from '../corpus/pictures/picture-matching.js';
import { IngestHistory } from '../corpus/ingest-history.js';
import { Uploads } from '../corpus/uploads.js';
import { ComparePackages } from '../evaluation/compare-packages.js';
import { CorpusSample } from '../evaluation/corpus-sample.js';
import { DetectionService } from '../masks/detection-service.js';
import { FigureMasks } from '../masks/figure-masks.js';
import { MaskStore } from '../ports/mask-store.js';
import { Masks } from '../masks/masks.js';
import { MaskJobs } from '../masks/scheduling/mask-jobs.js';
import { ModelRegistry } from '../model-packages/package-registry.js';
import { ArticleSearch } from '../search/article-search.js';
import { FigureSearch } from '../search/figure-search.js';
import { Suggestions } from '../search/suggestions.js';
import { ArticleStore } from '../ports/article-store.js';
import { BlobStore } from '../ports/blob-store.js';
import { CollectionStore } from '../ports/collection-store.js';
import { CorpusCounts } from '../ports/corpus-counts.js';
import { CurationStore } from '../ports/curation-store.js';
import { FigureFilters } from '../ports/figure-filters.js';
import { FigureStore } from '../ports/figure-store.js';
import { HitStore } from '../ports/hit-store.js';
import { ImageReader } from '../ports/image-reader.js';
import { IngestRunStore } from '../ports/ingest-run-store.js';
import { PanelClassStore } from '../ports/panel-class-store.js';
import { PictureStore } from '../ports/picture-store.js';
import { SourceStore } from '../ports/source-store.js';
import { Stores } from '../ports/stores.js';
import { ThumbnailStore } from '../ports/thumbnail-store.js';
import { UploadStore } from '../ports/upload-store.js';
import { ActiveModel } from './active-model.js';
import { advice } from './advice.js';
import { atlasProviders } from './atlas-providers.js';
import type { Config } from './config.js';
import { SHARED_SERVICES } from './model-providers.js';
import { newEncoder, type SharedServices } from './model-runtime.js';
import { ClassUpkeep, PictureUpkeep } from './upkeep.js';
import { Readiness } from './readiness.js';

/** Each use case that a face calls. */
export function useCaseProviders(config: Config): Provider[] {
  return [
    ...figureProviders(config),
    ...pictureProviders(config),
    ...corpusProviders(config),
    ...searchProviders(config),
    ...atlasProviders(),
    ...overviewProviders(config),
  ];
}

/** Reading and editing single figures. */
function figureProviders(config: Config): Provider[] {
  return [
    {
      provide: CorpusReader,
      inject: [FigureStore, ArticleStore, PanelClassStore],
      useFactory: (figures: FigureStore, articles: ArticleStore, classes: PanelClassStore) =>
        new CorpusReader(figures, articles, classes),
    },
    {
      provide: FigureImages,
      inject: [FigureStore, ThumbnailStore],
      useFactory: (figures: FigureStore, thumbnails: ThumbnailStore) => new FigureImages(figures, thumbnails),
    },
    {
      provide: FigureEditor,
      inject: [ActiveModel, Stores, BlobStore],
      useFactory: (live: ActiveModel, { figures, sources, writer }: Stores, blobs: BlobStore) =>
        new FigureEditor(() => live.current.maker, { figures, sources, writer, blobs }),
    },
    {
      provide: PanelCorrections,
      inject: [ActiveModel, Stores],
      useFactory: (live: ActiveModel, { figures, writer }: Stores) =>
        new PanelCorrections(() => live.current.maker, figures, writer),
    },
    {
      provide: FigureEdits,
      inject: [ActiveModel, Stores],
      useFactory: (live: ActiveModel, stores: Stores) =>
        new FigureEdits(() => live.current.maker, stores, config.maxFirst),
    },
    {
      provide: FigureList,
      inject: [FigureFilters],
      useFactory: (filters: FigureFilters) => new FigureList(filters, config.maxFirst),
    },
  ];
}

/** Pictures that stand in more than one figure, and what kind of picture each is. */
function pictureProviders(config: Config): Provider[] {
  return [
    {
      provide: PictureMatching,
      inject: [PictureStore, BlobStore, ImageReader],
      useFactory: (pictures: PictureStore, blobs: BlobStore, reader: ImageReader) =>
        new PictureMatching(pictures, blobs, reader),
    },
    {
      provide: PictureUpkeep,
      inject: [PictureMatching],
      useFactory: (matching: PictureMatching) => new PictureUpkeep(matching),
    },
    {
      provide: ClassUpkeep,
      inject: [ActiveModel],
      useFactory: (live: ActiveModel) => new ClassUpkeep(() => live.current.classification),
    },
    {
      provide: FigureDuplicates,
      inject: [PictureStore],
      useFactory: (pictures: PictureStore) => new FigureDuplicates(pictures),
    },
    {
      provide: DuplicateReview,
      inject: [Stores],
      useFactory: ({ decisions, figures }: Stores) => new DuplicateReview(decisions, figures, config.maxFirst),
    },
  ];
}

/** What is kept beside the figures: uploads, collections, and what became of ingests. */
function corpusProviders(config: Config): Provider[] {
  return [
    {
      provide: Uploads,
      inject: [UploadStore, ImageReader],
      useFactory: (store: UploadStore, reader: ImageReader) => new Uploads(store, reader),
    },
    {
      provide: Collections,
      inject: [CollectionStore],
      useFactory: (store: CollectionStore) => new Collections(store, config.maxFirst),
    },
    {
      provide: CollectionImport,
      inject: [Stores],
      useFactory: ({ collections, figures, articles }: Stores) => new CollectionImport(collections, figures, articles),
    },
    {
      provide: CollectionExport,
      inject: [Stores, BlobStore],
      useFactory: (all: Stores, blobs: BlobStore) => new CollectionExport({ ...all, blobs }),
    },
    {
      provide: Curation,
      inject: [CurationStore],
      useFactory: (store: CurationStore) => new Curation(store, config.maxFirst),
    },
    {
      provide: IngestHistory,
      inject: [IngestRunStore, SourceStore],
      useFactory: (runs: IngestRunStore, sources: SourceStore) =>
        new IngestHistory(runs, sources, (command) => advice(command, config.data)),
    },
  ];
}

function searchProviders(config: Config): Provider[] {
  return [
    {
      provide: FigureSearch,
      inject: [ActiveModel, HitStore],
      useFactory: (live: ActiveModel, hits: HitStore) => new FigureSearch(() => live.current, hits, config.maxFirst),
    },
    {
      provide: ArticleSearch,
      inject: [FigureSearch, FigureStore],
      useFactory: (search: FigureSearch, figures: FigureStore) => new ArticleSearch(search, figures, config.maxFirst),
    },
    {
      provide: Suggestions,
      inject: [ActiveModel, Stores],
      useFactory: (live: ActiveModel, stores: Stores) =>
        new Suggestions(
          () => ({ version: live.current.model.version, index: live.current.space }),
          stores,
          config.maxFirst,
        ),
    },
    {
      provide: FigureMasks,
      inject: [Masks, DetectionService, MaskJobs, ActiveModel],
      useFactory: (masks: Masks, detections: DetectionService, jobs: MaskJobs, live: ActiveModel) =>
        new FigureMasks(masks, detections, jobs, () => live.current.bestPanels),
    },
  ];
}

function overviewProviders(config: Config): Provider[] {
  return [
    {
      provide: CorpusOverview,
      inject: [ActiveModel, ModelRegistry, CorpusCounts, MaskStore],
      useFactory: (live: ActiveModel, registry: ModelRegistry, counts: CorpusCounts, masks: MaskStore) =>
        new CorpusOverview(() => live.current, registry, counts, masks),
    },
    {
      provide: ComparePackages,
      inject: [ActiveModel, ModelRegistry, SHARED_SERVICES],
      useFactory: (live: ActiveModel, registry: ModelRegistry, { stores, files }: SharedServices) =>
        new ComparePackages(
          () => live.current.encoder,
          registry,
          (model) => newEncoder(model, config),
          new CorpusSample({ ...stores, blobs: files.blobs }, files.reader),
        ),
    },
    {
      provide: Readiness,
      inject: [ActiveModel, Stores],
      useFactory: (live: ActiveModel, stores: Stores) => new Readiness(live, stores),
    },
  ];
}
