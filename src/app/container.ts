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
  type Abstract,
} from '@nestjs/common';
import { FileBlobStore } from '../adapters/files/file-blob-store.js';
import { ThumbnailCache } from '../adapters/files/thumbnail-cache.js';
import { FileUploadStore } from '../adapters/files/file-upload-store.js';
import type { Config } from './config.js';
import { CorpusReader } from '../corpus/corpus-reader.js';
import { CorpusOverview } from '../corpus/corpus-overview.js';
import { FigureImages } from '../corpus/figure-images.js';
import { IngestHistory } from '../corpus/ingest-history.js';
import { FigureList } from '../corpus/figure-list.js';
import { FigureEditor } from '../corpus/figure-editor.js';
import { advice } from './advice.js';
import { Readiness } from './readiness.js';
import { ActiveModel } from './active-model.js';
import { maskProviders } from './mask-runtime.js';
import { MaskImageRenderer } from '../masks/mask-image-renderer.js';
import { Masks } from '../masks/masks.js';
import { DetectionService } from '../masks/detection-service.js';
import { createModelRuntime, newEncoder, newReader, type SharedServices } from './model-runtime.js';
import { ModelRegistry } from '../model-packages/package-registry.js';
import { ArticleSearch } from '../search/article-search.js';
import { FigureSearch } from '../search/figure-search.js';
import { ServerLease } from './server-lease.js';
import { Database } from '../adapters/sqlite/database.js';
import { SqliteStores } from '../adapters/sqlite/sqlite-stores.js';
import { ArticleStore } from '../ports/article-store.js';
import { CorpusCounts } from '../ports/corpus-counts.js';
import { EmbeddingStore } from '../ports/embedding-store.js';
import { FigureFilters } from '../ports/figure-filters.js';
import { FigureStore } from '../ports/figure-store.js';
import { FigureWriter } from '../ports/figure-writer.js';
import { IngestRunStore } from '../ports/ingest-run-store.js';
import { ThumbnailStore } from '../ports/thumbnail-store.js';
import { SourceStore } from '../ports/source-store.js';
import { HitStore } from '../ports/hit-store.js';
import { KeywordIndex } from '../ports/keyword-index.js';
import { PanelDirectory } from '../ports/panel-directory.js';
import { CollectionRepository } from '../adapters/sqlite/collection.repository.js';
import { MaskRepository } from '../adapters/sqlite/mask.repository.js';
import { DetectionRepository } from '../adapters/sqlite/detection.repository.js';
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
const SHARED_SERVICES = Symbol('shared services');

/** Each port with the store that is injected for it. */
const stores: readonly { readonly port: Abstract<object>; readonly of: (all: SqliteStores) => object }[] = [
  { port: FigureStore, of: ({ figures }) => figures },
  { port: ArticleStore, of: ({ articles }) => articles },
  { port: FigureWriter, of: ({ writer }) => writer },
  { port: SourceStore, of: ({ sources }) => sources },
  { port: IngestRunStore, of: ({ runs }) => runs },
  { port: EmbeddingStore, of: ({ embeddings }) => embeddings },
  { port: CorpusCounts, of: ({ counts }) => counts },
  { port: HitStore, of: ({ hits }) => hits },
  { port: FigureFilters, of: ({ filters }) => filters },
  { port: PanelDirectory, of: ({ panels }) => panels },
  { port: KeywordIndex, of: ({ keywords }) => keywords },
];

function storeProviders(config: Config): Provider[] {
  return [
    { provide: Database, useFactory: () => Database.open(config.data) },
    { provide: SqliteStores, inject: [Database], useFactory: (database: Database) => new SqliteStores(database) },
    ...stores.map(({ port, of }) => ({ provide: port, inject: [SqliteStores], useFactory: of })),
    ...[CollectionRepository, MaskRepository, DetectionRepository, SettingsRepository].map((repository) => ({
      provide: repository,
      inject: [Database],
      useFactory: (database: Database) => new repository(database),
    })),
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
      provide: ThumbnailStore,
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
      provide: SHARED_SERVICES,
      inject: [SqliteStores, BlobStore, UploadStore, ImageReader],
      useFactory: (
        stores: SqliteStores,
        blobs: BlobStore,
        uploads: UploadStore,
        reader: ImageReader,
      ): SharedServices => ({
        stores,
        files: { blobs, uploads, reader },
      }),
    },
    {
      provide: ActiveModel,
      inject: [ModelRegistry, SettingsRepository, SHARED_SERVICES],
      useFactory: async (registry: ModelRegistry, properties: SettingsRepository, shared: SharedServices) => {
        const load = async (name: string) => createModelRuntime(await registry.load(name), shared, config);
        const chosen = async () => registry.manifest(await activeModelName(config.model, properties));
        const corpusVersion = async () => (await shared.stores.filters.corpus()).version;
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
      useFactory: (live: ActiveModel, registry: ModelRegistry, { stores, files }: SharedServices) =>
        new ComparePackages(
          () => live.current.encoder,
          registry,
          (model) => newEncoder(model, config),
          new CorpusSample({ ...stores, blobs: files.blobs }, files.reader),
        ),
    },
    {
      provide: FigureEditor,
      inject: [ActiveModel, SqliteStores, BlobStore],
      useFactory: (live: ActiveModel, { figures, sources, writer }: SqliteStores, blobs: BlobStore) =>
        new FigureEditor(() => live.current.maker, { figures, sources, writer, blobs }),
    },
    {
      provide: CorpusReader,
      inject: [FigureStore, ArticleStore],
      useFactory: (figures: FigureStore, articles: ArticleStore) => new CorpusReader(figures, articles),
    },
    {
      provide: CorpusOverview,
      inject: [ActiveModel, ModelRegistry, CorpusCounts, MaskRepository],
      useFactory: (live: ActiveModel, registry: ModelRegistry, counts: CorpusCounts, masks: MaskRepository) =>
        new CorpusOverview(() => live.current, registry, counts, masks),
    },
    {
      provide: FigureImages,
      inject: [FigureStore, ThumbnailStore],
      useFactory: (figures: FigureStore, thumbnails: ThumbnailStore) => new FigureImages(figures, thumbnails),
    },
    {
      provide: IngestHistory,
      inject: [IngestRunStore, SourceStore],
      useFactory: (runs: IngestRunStore, sources: SourceStore) =>
        new IngestHistory(runs, sources, (command) => advice(command, config.data)),
    },
    {
      provide: Readiness,
      inject: [ActiveModel, CorpusCounts, Database],
      useFactory: (live: ActiveModel, counts: CorpusCounts, database: Database) =>
        new Readiness(live, counts, database),
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
      inject: [FigureSearch, FigureStore],
      useFactory: (search: FigureSearch, figures: FigureStore) => new ArticleSearch(search, figures, config.maxFirst),
    },
  ];
}
