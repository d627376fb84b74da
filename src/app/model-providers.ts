import type { Provider } from '@nestjs/common';
import { PanelDetectorProvider } from '../corpus/panel-detector-provider.js';
import { ModelRegistry } from '../model-packages/package-registry.js';
import { activeModelName } from '../models/active-model-name.js';
import { BlobStore } from '../ports/blob-store.js';
import { ImageReader } from '../ports/image-reader.js';
import { SettingsStore } from '../ports/settings-store.js';
import { Stores } from '../ports/stores.js';
import { UploadStore } from '../ports/upload-store.js';
import { ActiveModel } from './active-model.js';
import type { Config } from './config.js';
import { createModelRuntime, newDetectors, newReader, type SharedServices } from './model-runtime.js';
import { openRegistry } from './open-registry.js';
import { ServerLease } from './server-lease.js';

/** What the runtimes of all models share. */
export const SHARED_SERVICES = Symbol('shared services');

/** The active model, and what it runs on. */
export function modelProviders(config: Config): Provider[] {
  return [
    { provide: ModelRegistry, useValue: openRegistry(config) },
    { provide: ImageReader, useFactory: () => newReader(config) },
    {
      provide: PanelDetectorProvider,
      inject: [ModelRegistry, SettingsStore],
      useFactory: (registry: ModelRegistry, settings: SettingsStore) => newDetectors(config, registry, settings),
    },
    {
      provide: SHARED_SERVICES,
      inject: [Stores, BlobStore, UploadStore, ImageReader],
      useFactory: (stores: Stores, blobs: BlobStore, uploads: UploadStore, reader: ImageReader): SharedServices => ({
        stores,
        files: { blobs, uploads, reader },
      }),
    },
    {
      provide: ActiveModel,
      inject: [ModelRegistry, SettingsStore, SHARED_SERVICES, PanelDetectorProvider],
      useFactory: async (
        registry: ModelRegistry,
        settings: SettingsStore,
        shared: SharedServices,
        detectors: PanelDetectorProvider,
      ) => {
        const load = async (name: string) =>
          createModelRuntime(await registry.load(name), { ...shared, detectors }, config);
        const chosen = async () => registry.manifest(await activeModelName(config.model, settings));
        const corpusVersion = async () => (await shared.stores.filters.corpus()).version;
        return new ActiveModel(await load(await activeModelName(config.model, settings)), chosen, load, corpusVersion);
      },
    },
    {
      provide: ServerLease,
      inject: [ActiveModel, SettingsStore],
      useFactory: (live: ActiveModel, settings: SettingsStore) => new ServerLease(live, settings),
    },
  ];
}
