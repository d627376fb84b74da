import type { Provider } from '@nestjs/common';
import { UmapLayout } from '../adapters/umap/umap-layout.js';
import { CorpusAtlas } from '../atlas/corpus-atlas.js';
import { AtlasStore } from '../ports/atlas-store.js';
import { Stores } from '../ports/stores.js';
import { ActiveModel } from './active-model.js';
import { AtlasUpkeep } from './upkeep.js';

/** The map of the corpus. */
export function atlasProviders(): Provider[] {
  return [
    {
      provide: CorpusAtlas,
      inject: [ActiveModel, Stores, AtlasStore],
      useFactory: (live: ActiveModel, stores: Stores, atlases: AtlasStore) => {
        const { filters, attributes, panels, vectors, collections } = stores;
        const services = { filters, attributes, panels, vectors, collections, atlases, layout: new UmapLayout() };
        const serving = () => ({ version: live.current.model.version, index: live.current.space });
        return new CorpusAtlas(serving, services);
      },
    },
    {
      provide: AtlasUpkeep,
      inject: [CorpusAtlas],
      useFactory: (atlas: CorpusAtlas) => new AtlasUpkeep(atlas),
    },
  ];
}
