import path from 'node:path';
import { Injectable, Module, type DynamicModule, type OnApplicationShutdown, type Provider } from '@nestjs/common';
import { BlobFolder } from './blobs/blob-folder.js';
import { ThumbnailCache } from './blobs/thumbnail-cache.js';
import { UploadFolder } from './blobs/upload-folder.js';
import type { Config } from './config/config.js';
import type { DualEncoder } from './domain/dual-encoder.js';
import { EncoderClient } from './inference/encoder-client.js';
import { EmbedMissing } from './ingest/embed-missing.js';
import { FigureEditor } from './ingest/figure-editor.js';
import { FigureMaker } from './ingest/figure-maker.js';
import { Ingest } from './ingest/ingest.js';
import { ModelRegistry } from './models/registry.js';
import { ArticleSearch } from './search/article-search.js';
import { Duplicates } from './search/duplicates.js';
import { Details } from './search/answer-details.js';
import { ResultLists } from './search/result-lists.js';
import { FigureSearch } from './search/figure-search.js';
import { QueryEncoder } from './search/query-encoder.js';
import { Ranker } from './search/ranker.js';
import { Database } from './store/database.js';
import { KeywordSearch } from './store/keywords/keyword-search.js';
import { EmbeddingReader } from './store/repositories/embedding-reader.js';
import { FigureReader } from './store/repositories/figure-reader.js';
import { FilterReader } from './store/repositories/filter-reader.js';
import { FigureWriter } from './store/repositories/figure-writer.js';
import { IngestRunRepository } from './store/repositories/ingest-run.repository.js';
import { PropertyRepository } from './store/repositories/property.repository.js';
import { VectorSpace } from './vectors/vector-space.js';

/** The frozen configuration. */
export const CONFIG = Symbol('config');
/** The active model package. */
const MODEL = Symbol('model');

/** Closes what holds files, threads and processes, in the order of who uses whom. */
@Injectable()
class Shutdown implements OnApplicationShutdown {
  constructor(
    private readonly encoder: EncoderClient,
    private readonly space: VectorSpace,
    private readonly database: Database,
  ) {}

  async onApplicationShutdown(): Promise<void> {
    await this.encoder.close();
    await this.space.close();
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
      Shutdown,
    ];
    return { module: CoreModule, global: true, providers, exports: providers.filter((one) => one !== Shutdown) };
  }
}

function storeProviders(config: Config): Provider[] {
  return [
    { provide: Database, useFactory: () => Database.open(config.data) },
    ...[
      FigureReader,
      FigureWriter,
      FilterReader,
      EmbeddingReader,
      IngestRunRepository,
      PropertyRepository,
      KeywordSearch,
    ].map((repository) => ({
      provide: repository,
      inject: [Database],
      useFactory: (database: Database) => new repository(database),
    })),
    { provide: BlobFolder, useValue: new BlobFolder(path.join(config.data, 'images')) },
    { provide: UploadFolder, useValue: new UploadFolder(path.join(config.data, 'uploads'), config.uploadTtlSeconds) },
    {
      provide: ThumbnailCache,
      inject: [BlobFolder],
      useFactory: (blobs: BlobFolder) =>
        new ThumbnailCache(blobs, path.join(config.data, 'thumbnails'), config.maxPixels),
    },
  ];
}

function modelProviders(config: Config): Provider[] {
  return [
    { provide: ModelRegistry, useValue: new ModelRegistry(config.models) },
    {
      provide: MODEL,
      inject: [ModelRegistry, PropertyRepository],
      useFactory: async (registry: ModelRegistry, properties: PropertyRepository) =>
        registry.load(await activeModelName(config, properties)),
    },
    {
      provide: EncoderClient,
      inject: [MODEL],
      useFactory: (model: DualEncoder) => new EncoderClient(model, encoderOptions(config)),
    },
    {
      provide: VectorSpace,
      inject: [MODEL, EmbeddingReader, Database],
      useFactory: (model: DualEncoder, source: EmbeddingReader, database: Database) =>
        new VectorSpace(model, source, {
          home: path.join(config.indexes, database.id, model.version.slice(0, 16)),
          engine: config.vectors,
          onProblem: (problem) => {
            console.error(problem);
          },
        }),
    },
  ];
}

/** The package that serves: the configured one, else the one that `figseek models use` chose, else the starter. */
export async function activeModelName(config: Config, properties: PropertyRepository | null): Promise<string> {
  return config.model ?? (await properties?.get('active_model')) ?? 'starter';
}

/** How the inference child is to be run. */
export function encoderOptions(config: Config) {
  return {
    providers: config.providers,
    threads: config.inferenceThreads,
    batch: config.inferenceBatch,
    timeoutMs: config.inferenceTimeoutMs,
    queue: config.inferenceQueue,
  };
}

/** How the child of a segmenter is to be run. */
export function segmenterOptions(config: Config) {
  const { batch: _batch, ...options } = encoderOptions(config);
  return { ...options, timeoutMs: config.segmenterTimeoutMs, cacheBytes: config.segmenterCacheBytes };
}

function workProviders(config: Config): Provider[] {
  return [
    {
      provide: FigureMaker,
      inject: [EncoderClient, BlobFolder],
      useFactory: (encoder: EncoderClient, blobs: BlobFolder) => new FigureMaker(encoder, blobs, config.maxPixels),
    },
    {
      provide: FigureEditor,
      inject: [FigureMaker, FigureReader, FigureWriter, BlobFolder],
      useFactory: (maker: FigureMaker, reader: FigureReader, writer: FigureWriter, blobs: BlobFolder) =>
        new FigureEditor(maker, reader, writer, blobs),
    },
    {
      provide: Ingest,
      inject: [FigureMaker, FigureReader, FigureWriter, IngestRunRepository],
      useFactory: (maker: FigureMaker, reader: FigureReader, writer: FigureWriter, runs: IngestRunRepository) =>
        new Ingest(maker, reader, writer, runs),
    },
    {
      provide: EmbedMissing,
      inject: [EncoderClient, BlobFolder, FigureReader, FigureWriter, EmbeddingReader],
      useFactory: (
        encoder: EncoderClient,
        blobs: BlobFolder,
        figures: FigureReader,
        writer: FigureWriter,
        embeddings: EmbeddingReader,
      ) => new EmbedMissing(encoder, blobs, { figures, writer, embeddings }, config.maxPixels),
    },
    {
      provide: QueryEncoder,
      inject: [EncoderClient, FigureReader, EmbeddingReader, UploadFolder, BlobFolder],
      useFactory: (
        encoder: EncoderClient,
        figures: FigureReader,
        embeddings: EmbeddingReader,
        uploads: UploadFolder,
        blobs: BlobFolder,
      ) => new QueryEncoder(encoder, { figures, embeddings }, { uploads, blobs }, config.maxPixels),
    },
    {
      provide: Ranker,
      inject: [VectorSpace, KeywordSearch, FilterReader],
      useFactory: (space: VectorSpace, keywords: KeywordSearch, filters: FilterReader) =>
        new Ranker(space, keywords, filters),
    },
    {
      provide: Duplicates,
      inject: [VectorSpace, EmbeddingReader],
      useFactory: (space: VectorSpace, embeddings: EmbeddingReader) => new Duplicates(space, embeddings),
    },
    {
      provide: ResultLists,
      inject: [MODEL, QueryEncoder, Ranker, Duplicates, VectorSpace, KeywordSearch, FilterReader],
      useFactory: (
        model: DualEncoder,
        encoder: QueryEncoder,
        ranker: Ranker,
        duplicates: Duplicates,
        space: VectorSpace,
        keywords: KeywordSearch,
        filters: FilterReader,
      ) => new ResultLists(model.name, encoder, ranker, duplicates, { space, keywords, filters }),
    },
    {
      provide: FigureSearch,
      inject: [ResultLists, QueryEncoder, FilterReader, FigureReader],
      useFactory: (lists: ResultLists, encoder: QueryEncoder, filters: FilterReader, figures: FigureReader) =>
        new FigureSearch(lists, new Details(encoder, filters), figures, config.maxFirst),
    },
    {
      provide: ArticleSearch,
      inject: [FigureSearch, FigureReader],
      useFactory: (search: FigureSearch, figures: FigureReader) => new ArticleSearch(search, figures, config.maxFirst),
    },
  ];
}
