import type { Provider } from '@nestjs/common';
import { CorpusOverview } from '../corpus/corpus-overview.js';
import { CorpusReader } from '../corpus/corpus-reader.js';
import { FigureEditor } from '../corpus/figure-editor.js';
import { PanelCorrections } from '../corpus/panel-corrections.js';
import { FigureImages } from '../corpus/figure-images.js';
import { FigureList } from '../corpus/figure-list.js';
import { FigureDuplicates } from '../corpus/pictures/figure-duplicates.js';
import { PictureMatching } from '../corpus/pictures/picture-matching.js';
import { IngestHistory } from '../corpus/ingest-history.js';
import { SampleRemoval } from '../corpus/sample-removal.js';
import { Uploads } from '../corpus/uploads.js';
import { ComparePackages } from '../evaluation/compare-packages.js';
import { CorpusSample } from '../evaluation/corpus-sample.js';
import { DetectionService } from '../masks/detection-service.js';
import { FigureMasks } from '../masks/figure-masks.js';
import { MaskStore } from '../ports/mask-store.js';
import { Masks } from '../masks/masks.js';
import { MaskJobs } from '../masks/scheduling/mask-jobs.js';
import { ModelRegistry } from '../model-packages/package-registry.js';
import { ListModels } from '../models/list-models.js';
import { ArticleSearch } from '../search/article-search.js';
import { FigureSearch } from '../search/figure-search.js';
import { ArticleStore } from '../ports/article-store.js';
import { BlobStore } from '../ports/blob-store.js';
import { CorpusCounts } from '../ports/corpus-counts.js';
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
import { sampleKeys, sampleSource } from './sample-items.js';
import { atlasProviders } from './atlas-providers.js';
import type { Config } from './config.js';
import { curationProviders } from './curation-providers.js';
import { SHARED_SERVICES } from './model-providers.js';
import { operatorProviders } from './operator-providers.js';
import { newEncoder, type SharedServices } from './model-runtime.js';
import { ClassUpkeep, PictureUpkeep } from './upkeep.js';
import { Readiness } from './readiness.js';

/** Each use case that a face calls. */
export function useCaseProviders(config: Config): Provider[] {
  return [
    ...figureProviders(config),
    ...pictureProviders(),
    ...corpusProviders(config),
    ...curationProviders(config),
    ...searchProviders(config),
    ...atlasProviders(),
    ...overviewProviders(config),
    ...operatorProviders(config),
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
      provide: SampleRemoval,
      inject: [SourceStore, FigureEditor],
      useFactory: (sources: SourceStore, editor: FigureEditor) =>
        new SampleRemoval(() => ({ source: sampleSource, keys: sampleKeys() }), sources, editor),
    },
    {
      provide: FigureList,
      inject: [FigureFilters],
      useFactory: (filters: FigureFilters) => new FigureList(filters, config.maxFirst),
    },
  ];
}

/** Pictures that stand in more than one figure, and what kind of picture each is. */
function pictureProviders(): Provider[] {
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
  ];
}

/** What is kept beside the figures: uploads, and what became of ingests. */
function corpusProviders(config: Config): Provider[] {
  return [
    {
      provide: Uploads,
      inject: [UploadStore, ImageReader],
      useFactory: (store: UploadStore, reader: ImageReader) => new Uploads(store, reader),
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
      inject: [ActiveModel, ListModels, CorpusCounts, MaskStore],
      useFactory: (live: ActiveModel, models: ListModels, counts: CorpusCounts, masks: MaskStore) =>
        new CorpusOverview(
          () => live.current,
          (viewer) => models.run(viewer),
          counts,
          masks,
        ),
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
