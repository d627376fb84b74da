import type { Provider } from '@nestjs/common';
import { CollectionImport } from '../corpus/collection-import.js';
import { Collections } from '../corpus/collections.js';
import { Curation } from '../corpus/curation.js';
import { CollectionExport } from '../corpus/export/collection-export.js';
import { FigureEdits } from '../corpus/figure-edits.js';
import { DuplicateReview } from '../corpus/pictures/duplicate-review.js';
import { BlobStore } from '../ports/blob-store.js';
import { CollectionStore } from '../ports/collection-store.js';
import { CurationStore } from '../ports/curation-store.js';
import { Stores } from '../ports/stores.js';
import { Suggestions } from '../search/suggestions.js';
import { ActiveModel } from './active-model.js';
import type { Config } from './config.js';

/** What people say of figures, and what is made of it: collections, suggestions, edits, decisions about duplicates. */
export function curationProviders(config: Config): Provider[] {
  return [
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
    ...judgmentProviders(config),
  ];
}

function judgmentProviders(config: Config): Provider[] {
  return [
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
      provide: FigureEdits,
      inject: [ActiveModel, Stores],
      useFactory: (live: ActiveModel, stores: Stores) =>
        new FigureEdits(() => live.current.maker, stores, config.maxFirst),
    },
    {
      provide: DuplicateReview,
      inject: [Stores],
      useFactory: ({ decisions, figures }: Stores) => new DuplicateReview(decisions, figures, config.maxFirst),
    },
  ];
}
