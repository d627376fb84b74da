import path from 'node:path';
import type { Provider } from '@nestjs/common';
import { IngestUploadFolder } from '../adapters/files/ingest-upload-folder.js';
import { IngestHistory } from '../corpus/ingest-history.js';
import { IngestStarter } from '../corpus/ingest-starter.js';
import { IngestUploads } from '../corpus/ingest-uploads.js';
import { StorageOverview } from '../corpus/storage-overview.js';
import { CompareRetrieval } from '../evaluation/compare-retrieval.js';
import { CorpusSample } from '../evaluation/corpus-sample.js';
import { ModelRegistry } from '../model-packages/package-registry.js';
import { activeDetectorName, activeModelName } from '../models/active-model-name.js';
import { ListModels } from '../models/list-models.js';
import { ModelJobs } from '../models/model-jobs.js';
import { SettingsStore } from '../ports/settings-store.js';
import { ActiveModel } from './active-model.js';
import { BackgroundWork } from './background/background-work.js';
import type { Config } from './config.js';
import { SHARED_SERVICES } from './model-providers.js';
import { newEncoder, type SharedServices } from './model-runtime.js';
import { isImageName, isPmcArticle, parseSourceFormat } from './source-formats.js';

/** What whoever runs the server asks of it: ingests, model packages, and how much of the disk is used. */
export function operatorProviders(config: Config): Provider[] {
  const { data, indexes, models } = config;
  return [
    { provide: BackgroundWork, useValue: new BackgroundWork(config) },
    { provide: StorageOverview, useValue: new StorageOverview({ data, indexes, models }) },
    ...ingestProviders(config),
    ...modelJobProviders(config),
  ];
}

function ingestProviders(config: Config): Provider[] {
  const { data, maxIngestUploadBytes, uploadTtlSeconds } = config;
  const limits = { maxBytes: maxIngestUploadBytes, secondsToLive: uploadTtlSeconds };
  return [
    {
      provide: IngestUploads,
      inject: [IngestUploadFolder],
      useFactory: (files: IngestUploadFolder) => new IngestUploads(files),
    },
    {
      provide: IngestUploadFolder,
      useValue: new IngestUploadFolder(path.join(data, 'ingest-uploads'), limits, isImageName),
    },
    {
      provide: IngestStarter,
      inject: [IngestUploadFolder, IngestHistory, BackgroundWork],
      useFactory: (uploads: IngestUploadFolder, history: IngestHistory, background: BackgroundWork) =>
        createStarter(config, uploads, { history, background }),
    },
  ];
}

function modelJobProviders(config: Config): Provider[] {
  return [
    {
      provide: ListModels,
      inject: [ModelRegistry, SettingsStore],
      useFactory: (registry: ModelRegistry, settings: SettingsStore) =>
        new ListModels(
          registry,
          () => activeModelName(config.model, settings),
          () => activeDetectorName(config.panelDetector, settings),
        ),
    },
    {
      provide: ModelJobs,
      inject: [ModelRegistry, BackgroundWork],
      useFactory: (registry: ModelRegistry, background: BackgroundWork) => createModelJobs(registry, background),
    },
    {
      provide: CompareRetrieval,
      inject: [ActiveModel, ModelRegistry, SHARED_SERVICES],
      useFactory: (live: ActiveModel, registry: ModelRegistry, { stores, files }: SharedServices) =>
        new CompareRetrieval(
          () => live.current.encoder,
          registry,
          (model) => newEncoder(model, config),
          new CorpusSample({ ...stores, blobs: files.blobs }, files.reader),
        ),
    },
  ];
}

function createStarter(
  { ingestRoots }: Config,
  uploads: IngestUploadFolder,
  { history, background }: { readonly history: IngestHistory; readonly background: BackgroundWork },
): IngestStarter {
  return new IngestStarter(
    { roots: ingestRoots, isArticle: isPmcArticle, parseFormat: parseSourceFormat },
    uploads,
    history,
    async (order, begun, signal) => {
      await background.run({ kind: 'INGEST', ...order }, { begun }, signal);
    },
  );
}

function createModelJobs(registry: ModelRegistry, background: BackgroundWork): ModelJobs {
  return new ModelJobs(registry, async (task, { tell, step }, signal) => {
    const result = await background.run({ kind: 'MODEL', task }, { tell, step }, signal);
    return result ?? { findings: [], comparison: null };
  });
}
