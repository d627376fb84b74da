import path from 'node:path';
import { FileBlobStore } from '../adapters/files/file-blob-store.js';
import { Collections } from '../corpus/collections.js';
import { CollectionExport } from '../corpus/export/collection-export.js';
import { withStores } from './command-context.js';
import type { Config } from './config.js';

/** What a person does with collections at a terminal. */
export interface CollectionTools {
  readonly collections: Collections;
  readonly exports: CollectionExport;
}

/** Runs `work` over the collections of the configured data folder; no model is loaded. */
export function withCollections<Result>(
  config: Config,
  work: (tools: CollectionTools) => Promise<Result>,
): Promise<Result> {
  const blobs = new FileBlobStore(path.join(config.data, 'images'));
  return withStores(config, (stores) =>
    work({
      collections: new Collections(stores.collections, config.maxFirst),
      exports: new CollectionExport({ ...stores, blobs }),
    }),
  );
}
