import path from 'node:path';
import type { Abstract, Provider } from '@nestjs/common';
import { FileBlobStore } from '../adapters/files/file-blob-store.js';
import { FileUploadStore } from '../adapters/files/file-upload-store.js';
import { ThumbnailCache } from '../adapters/files/thumbnail-cache.js';
import { AtlasFileStore } from '../adapters/files/atlas-file-store.js';
import { ArticleStore } from '../ports/article-store.js';
import { AtlasStore } from '../ports/atlas-store.js';
import { BlobStore } from '../ports/blob-store.js';
import { CollectionStore } from '../ports/collection-store.js';
import { CorpusCounts } from '../ports/corpus-counts.js';
import { CurationStore } from '../ports/curation-store.js';
import { DetectionStore } from '../ports/detection-store.js';
import { DuplicateDecisionStore } from '../ports/duplicate-decision-store.js';
import { EmbeddingStore } from '../ports/embedding-store.js';
import { FigureEditStore } from '../ports/figure-edit-store.js';
import { FigureFilters } from '../ports/figure-filters.js';
import { FigureStore } from '../ports/figure-store.js';
import { FigureWriter } from '../ports/figure-writer.js';
import { HitStore } from '../ports/hit-store.js';
import { ImageReader } from '../ports/image-reader.js';
import { IngestRunStore } from '../ports/ingest-run-store.js';
import { KeywordIndex } from '../ports/keyword-index.js';
import { MaskStore } from '../ports/mask-store.js';
import { PanelClassStore } from '../ports/panel-class-store.js';
import { PanelDirectory } from '../ports/panel-directory.js';
import { PictureStore } from '../ports/picture-store.js';
import { SettingsStore } from '../ports/settings-store.js';
import { SourceStore } from '../ports/source-store.js';
import { Stores } from '../ports/stores.js';
import { ThumbnailStore } from '../ports/thumbnail-store.js';
import { UploadStore } from '../ports/upload-store.js';
import type { Config } from './config.js';
import { spaceFolder } from './model-runtime.js';
import { openStores } from './open-stores.js';

/** Each port with the store that is injected for it. */
const stores: readonly { readonly port: Abstract<object>; readonly of: (all: Stores) => object }[] = [
  { port: FigureStore, of: ({ figures }) => figures },
  { port: ArticleStore, of: ({ articles }) => articles },
  { port: FigureWriter, of: ({ writer }) => writer },
  { port: FigureEditStore, of: ({ edits }) => edits },
  { port: SourceStore, of: ({ sources }) => sources },
  { port: IngestRunStore, of: ({ runs }) => runs },
  { port: EmbeddingStore, of: ({ embeddings }) => embeddings },
  { port: CorpusCounts, of: ({ counts }) => counts },
  { port: HitStore, of: ({ hits }) => hits },
  { port: FigureFilters, of: ({ filters }) => filters },
  { port: PanelDirectory, of: ({ panels }) => panels },
  { port: KeywordIndex, of: ({ keywords }) => keywords },
  { port: MaskStore, of: ({ masks }) => masks },
  { port: DetectionStore, of: ({ detections }) => detections },
  { port: CollectionStore, of: ({ collections }) => collections },
  { port: CurationStore, of: ({ curation }) => curation },
  { port: PictureStore, of: ({ pictures }) => pictures },
  { port: DuplicateDecisionStore, of: ({ decisions }) => decisions },
  { port: PanelClassStore, of: ({ classes }) => classes },
  { port: SettingsStore, of: ({ settings }) => settings },
];

/** What is kept: in the stores of an engine, and in files. */
export function storeProviders(config: Config): Provider[] {
  return [
    { provide: Stores, useFactory: () => openStores(config) },
    ...stores.map(({ port, of }) => ({ provide: port, inject: [Stores], useFactory: of })),
    {
      provide: AtlasStore,
      inject: [Stores],
      useFactory: ({ id }: Stores) => new AtlasFileStore((version) => spaceFolder(config, id, version), console.error),
    },
    { provide: BlobStore, useValue: new FileBlobStore(path.join(config.data, 'images')) },
    {
      provide: FileUploadStore,
      useValue: new FileUploadStore(path.join(config.data, 'uploads'), config.uploadTtlSeconds),
    },
    { provide: UploadStore, useExisting: FileUploadStore },
    {
      provide: ThumbnailStore,
      inject: [BlobStore, ImageReader],
      useFactory: (blobs: BlobStore, reader: ImageReader) =>
        new ThumbnailCache(blobs, path.join(config.data, 'thumbnails'), (image, side) => reader.thumbnail(image, side)),
    },
  ];
}
