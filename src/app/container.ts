import { Uploads } from '../corpus/uploads.js';
import { ImageReader } from '../ports/image-reader.js';
import { UploadStore } from '../ports/upload-store.js';
import { BlobStore } from '../ports/blob-store.js';
import path from 'node:path';
import {
  Injectable,
  Module,
  type BeforeApplicationShutdown,
  type DynamicModule,
  type OnApplicationShutdown,
  type Provider,
} from '@nestjs/common';
import { FileBlobStore } from '../adapters/files/file-blob-store.js';
import { ThumbnailCache } from '../adapters/files/thumbnail-cache.js';
import { FileUploadStore } from '../adapters/files/file-upload-store.js';
import type { Config } from './config.js';
import { FigureList } from '../corpus/figure-list.js';
import { FigureEditor } from '../corpus/figure-editor.js';
import { ActiveModel } from './active-model.js';
import { maskProviders } from './mask-runtime.js';
import { MaskImageRenderer } from '../masks/mask-image-renderer.js';
import { Masks } from '../masks/masks.js';
import { DetectionService } from '../masks/detection-service.js';
import { createModelRuntime, newEncoder, newReader, type SharedServices } from './model-runtime.js';
import { ModelRegistry } from '../model-packages/package-registry.js';
import { ArticleSearch } from '../search/article-search.js';
import { FigureSearch } from '../search/figure-search.js';
import { PanelImages } from '../search/panel-images.js';
import { ServerLease } from './server-lease.js';
import { Database } from '../adapters/sqlite/database.js';
import { HitReader } from '../adapters/sqlite/hit-reader.js';
import { SqlitePanelDirectory } from '../adapters/sqlite/panel-directory.js';
import { FigureFilters } from '../ports/figure-filters.js';
import { HitStore } from '../ports/hit-store.js';
import { KeywordIndex } from '../ports/keyword-index.js';
import { PanelDirectory } from '../ports/panel-directory.js';
import { KeywordSearch } from '../adapters/sqlite/keywords/keyword-search.js';
import { SqliteCollectionStore } from '../adapters/sqlite/collection-store.js';
import { CollectionStore } from '../ports/collection-store.js';
import { Collections } from '../corpus/collections.js';
import { EmbeddingReader } from '../adapters/sqlite/embedding-reader.js';
import { FigureReader } from '../adapters/sqlite/figure-reader.js';
import { FilterReader } from '../adapters/sqlite/filter-reader.js';
import { FigureWriter } from '../adapters/sqlite/figure-writer.js';
import { IngestRunRepository } from '../adapters/sqlite/ingest-run.repository.js';
import { SourceRepository } from '../adapters/sqlite/source.repository.js';
import { SqliteMaskStore } from '../adapters/sqlite/mask-store.js';
import { MaskStore } from '../ports/mask-store.js';
import { SqliteDetectionStore } from '../adapters/sqlite/detection-store.js';
import { DetectionStore } from '../ports/detection-store.js';
import { ComparePackages } from '../evaluation/compare-packages.js';
import { CorpusSample } from '../evaluation/corpus-sample.js';
import { activeModelName } from '../models/active-model-name.js';
import { SettingsRepository } from '../adapters/sqlite/settings.repository.js';

/** The frozen configuration. */
export const CONFIG = Symbol('config');
/** Closes what holds files, threads and processes, in the order of who uses whom. */
@Injectable()
class Shutdown implements BeforeApplicationShutdown, OnApplicationShutdown {
  constructor(
    private readonly live: ActiveModel,
    private readonly serving: ServerLease,
    private readonly masks: Masks,
    private readonly recognitions: DetectionService,
    private readonly maskPictures: MaskImageRenderer,
    private readonly reader: ImageReader,
    private readonly database: Database,
  ) {}

  // Nest then closes the HTTP server, which waits for open requests: those that wait for a mask would hold it for minutes.
  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all([this.recognitions.close(), this.masks.close()]);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.maskPictures.close();
    // First who embeds what the reader reads: to it a closed reader is an image that cannot be read.
    await this.serving.release();
    await this.live.close();
    this.reader.close();
    await this.database.close();
  }
}

/** Everything without HTTP: the server and the command line stand on the same providers. */
@Module({})
export class CoreModule {
  static for(config: Config): DynamicModule {
    const providers = [
      { provide: CONFIG, useValue: config },
      ...storeProviders(config),
      ...modelProviders(config),
      ...workProviders(config),
      ...maskProviders(config),
      Shutdown,
    ];
    return { module: CoreModule, global: true, providers, exports: providers.filter((one) => one !== Shutdown) };
  }
}

/** What every model's stack stands on. */
const SHARED_SERVICES = Symbol('ground');

function storeProviders(config: Config): Provider[] {
  return [
    { provide: Database, useFactory: () => Database.open(config.data) },
    ...[FigureReader, FigureWriter, EmbeddingReader, IngestRunRepository, SourceRepository, SettingsRepository].map(
      (repository) => ({
        provide: repository,
        inject: [Database],
        useFactory: (database: Database) => new repository(database),
      }),
    ),
    { provide: MaskStore, inject: [Database], useFactory: (database: Database) => new SqliteMaskStore(database) },
    {
      provide: DetectionStore,
      inject: [Database],
      useFactory: (database: Database) => new SqliteDetectionStore(database),
    },
    {
      provide: CollectionStore,
      inject: [Database],
      useFactory: (database: Database) => new SqliteCollectionStore(database),
    },
    {
      provide: Collections,
      inject: [CollectionStore],
      useFactory: (store: CollectionStore) => new Collections(store, config.maxFirst),
    },
    { provide: FigureFilters, inject: [Database], useFactory: (database: Database) => new FilterReader(database) },
    { provide: HitStore, inject: [Database], useFactory: (database: Database) => new HitReader(database) },
    {
      provide: PanelDirectory,
      inject: [Database],
      useFactory: (database: Database) => new SqlitePanelDirectory(database),
    },
    {
      provide: KeywordIndex,
      inject: [Database, PanelDirectory, FigureFilters],
      useFactory: (database: Database, directory: PanelDirectory, filters: FigureFilters) =>
        new KeywordSearch(database, directory, filters),
    },
    { provide: BlobStore, useValue: new FileBlobStore(path.join(config.data, 'images')) },
    {
      provide: FileUploadStore,
      useValue: new FileUploadStore(path.join(config.data, 'uploads'), config.uploadTtlSeconds),
    },
    { provide: UploadStore, useExisting: FileUploadStore },
    {
      provide: Uploads,
      inject: [UploadStore, ImageReader],
      useFactory: (store: UploadStore, reader: ImageReader) => new Uploads(store, reader),
    },
    {
      provide: ThumbnailCache,
      inject: [BlobStore, ImageReader],
      useFactory: (blobs: BlobStore, reader: ImageReader) =>
        new ThumbnailCache(blobs, path.join(config.data, 'thumbnails'), (image, side) => reader.thumbnail(image, side)),
    },
  ];
}

function modelProviders(config: Config): Provider[] {
  return [
    { provide: ModelRegistry, useValue: new ModelRegistry(config.models) },
    { provide: ImageReader, useFactory: () => newReader(config) },
    {
      provide: PanelImages,
      inject: [FigureReader, BlobStore],
      useFactory: (figures: FigureReader, blobs: BlobStore) => new PanelImages(figures, blobs),
    },
    {
      provide: SHARED_SERVICES,
      inject: [
        ...[Database, FigureReader, FigureWriter, EmbeddingReader, IngestRunRepository, SourceRepository],
        ...[KeywordIndex, FigureFilters, PanelDirectory, BlobStore, UploadStore, PanelImages, ImageReader],
      ],
      useFactory: (
        database: Database,
        figures: FigureReader,
        writer: FigureWriter,
        embeddings: EmbeddingReader,
        runs: IngestRunRepository,
        sources: SourceRepository,
        keywords: KeywordIndex,
        filters: FigureFilters,
        directory: PanelDirectory,
        blobs: BlobStore,
        uploads: UploadStore,
        panels: PanelImages,
        reader: ImageReader,
      ): SharedServices => ({
        ...{ database, figures, writer, embeddings, runs, sources, keywords, filters, directory },
        ...{ blobs, uploads, panels, reader },
      }),
    },
    {
      provide: ActiveModel,
      inject: [ModelRegistry, SettingsRepository, SHARED_SERVICES],
      useFactory: async (registry: ModelRegistry, properties: SettingsRepository, ground: SharedServices) => {
        const load = async (name: string) => createModelRuntime(await registry.load(name), ground, config);
        const chosen = async () => registry.manifest(await activeModelName(config.model, properties));
        const corpusVersion = async () => (await ground.filters.corpus()).version;
        return new ActiveModel(
          await load(await activeModelName(config.model, properties)),
          chosen,
          load,
          corpusVersion,
        );
      },
    },
    {
      provide: ServerLease,
      inject: [ActiveModel, SettingsRepository],
      useFactory: (live: ActiveModel, properties: SettingsRepository) => new ServerLease(live, properties),
    },
  ];
}

function workProviders(config: Config): Provider[] {
  return [
    {
      provide: ComparePackages,
      inject: [ActiveModel, ModelRegistry, SHARED_SERVICES],
      useFactory: (live: ActiveModel, registry: ModelRegistry, { reader, ...stores }: SharedServices) =>
        new ComparePackages(
          () => live.current.encoder,
          registry,
          (model) => newEncoder(model, config),
          new CorpusSample(stores, reader),
        ),
    },
    {
      provide: FigureEditor,
      inject: [ActiveModel, FigureReader, FigureWriter, BlobStore],
      useFactory: (live: ActiveModel, reader: FigureReader, writer: FigureWriter, blobs: BlobStore) =>
        new FigureEditor(() => live.current.maker, reader, writer, blobs),
    },
    {
      provide: FigureSearch,
      inject: [ActiveModel, HitStore],
      useFactory: (live: ActiveModel, hits: HitStore) => new FigureSearch(() => live.current, hits, config.maxFirst),
    },
    {
      provide: FigureList,
      inject: [FigureFilters],
      useFactory: (filters: FigureFilters) => new FigureList(filters, config.maxFirst),
    },
    {
      provide: ArticleSearch,
      inject: [FigureSearch, FigureReader],
      useFactory: (search: FigureSearch, figures: FigureReader) => new ArticleSearch(search, figures, config.maxFirst),
    },
  ];
}
