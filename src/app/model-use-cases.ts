import { rm } from 'node:fs/promises';
import { calibrate } from '../adapters/onnx/calibration.js';
import { OnnxEncoder } from '../adapters/onnx/onnx-encoder.js';
import { SettingsStore } from '../ports/settings-store.js';
import { ComparePackages } from '../evaluation/compare-packages.js';
import { activeDetectorName, activeModelName } from '../models/active-model-name.js';
import type { Advise } from '../domain/advise.js';
import { CalibrateModel } from '../models/calibrate-model.js';
import { FirstModelOffer } from '../models/first-model-offer.js';
import { ForgetModel } from '../models/forget-model.js';
import { ImportModel } from '../models/import-model.js';
import { ListModels } from '../models/list-models.js';
import { PullModel } from '../models/pull-model.js';
import { UseModel, type ModelCorpus } from '../models/use-model.js';
import { VerifyModel } from '../models/verify-model.js';
import { EmbeddingStore } from '../ports/embedding-store.js';
import { ActiveModel } from './active-model.js';
import { advice } from './advice.js';
import { withApp, withStores } from './command-context.js';
import type { Config } from './config.js';
import { calibrations, encoderOptions, newEncoder, spaceFolder } from './model-runtime.js';
import { openRegistry } from './open-registry.js';
import { hasCorpus } from './open-stores.js';
import { ServerLease } from './server-lease.js';

/*
 * The use cases of model packages, each bound to the adapters. None of them holds anything open between its runs: what
 * needs the database or a running model opens it, and closes it again.
 */

export function listModels(config: Config): ListModels {
  return new ListModels(
    openRegistry(config),
    () => nameOfActive(config),
    () => nameOfDetector(config),
  );
}

export function importModel(config: Config): ImportModel {
  return new ImportModel(
    openRegistry(config),
    () => nameOfActive(config),
    (model) => new OnnxEncoder(model, encoderOptions(config)),
  );
}

export function pullModel({ models, hubUrl, hubToken }: Config): PullModel {
  return new PullModel({ modelsDir: models, hubUrl, hubToken });
}

export function firstModelOffer(config: Config): FirstModelOffer {
  return new FirstModelOffer(openRegistry(config), config.model);
}

export function calibrateModel(config: Config): CalibrateModel {
  const { providers, inferenceThreads, inferenceBatch } = config;
  return new CalibrateModel(
    { registry: openRegistry(config), calibrations: calibrations(config) },
    (model) => calibrate((size) => new OnnxEncoder(model, { ...encoderOptions(config), ...size })),
    { providers, isFixed: inferenceThreads > 0 && inferenceBatch > 0 },
    adviseFor(config),
  );
}

export function verifyModel(config: Config): VerifyModel {
  return new VerifyModel(
    openRegistry(config),
    (model) => newEncoder(model, config),
    async (name, ...comparison) => {
      // Without a database there is no corpus, and a verification makes none.
      if (!hasCorpus(config)) return null;
      return withApp({ ...config, model: name }, (core) => core.get(ComparePackages).run(...comparison));
    },
  );
}

export function useModel(config: Config): UseModel {
  return new UseModel(openRegistry(config), calibrateModel(config), corpusOf(config));
}

/** Runs `work` over the database of the configured data folder. */
export function withForgetModel<Result>(
  config: Config,
  work: (forget: ForgetModel) => Promise<Result>,
): Promise<Result> {
  return withStores(config, ({ id, settings, embeddings, classes }) => {
    const stores = {
      registry: openRegistry(config),
      ...{ settings, embeddings, classes },
      deleteIndexes: (space: string) => rm(spaceFolder(config, id, space), { recursive: true, force: true }),
    };
    const configured = { active: config.model, isFolderNamed: config.isModelsNamed };
    return work(new ForgetModel(stores, configured, adviseFor(config)));
  });
}

function corpusOf(config: Config): ModelCorpus {
  return {
    hasEmbeddedAll: async (version) => {
      if (!hasCorpus(config)) return false;
      return withStores(config, async ({ counts, embeddings }) => {
        const { figures } = await counts.counts();
        return figures > 0 && (await embeddings.countPanelsMissingEmbedding(version)) === 0;
      });
    },
    setPanelDetector: (name) => withStores(config, ({ settings }) => settings.set('active_panel_detector', name ?? '')),
    withActivation: (name, work) =>
      withApp({ ...config, model: name }, (core) => {
        const { model, embedMissing, space } = core.get(ActiveModel).current;
        return work({
          acquireLease: () => core.get(ServerLease).acquire(),
          countMissing: () => core.get(EmbeddingStore).countPanelsMissingEmbedding(model.version),
          embedMissing: (onProgress) => embedMissing.run(onProgress),
          buildIndex: async () => {
            await space.ensureBuilt();
          },
          compareWith: (...comparison) => core.get(ComparePackages).run(...comparison),
          activate: () => core.get(SettingsStore).set('active_model', model.name),
        });
      }),
  };
}

/** Where there is no database yet, nothing was chosen in it, and none is made. */
async function nameOfActive(config: Config): Promise<string> {
  if (!hasCorpus(config)) return activeModelName(config.model, null);
  return withStores(config, ({ settings }) => activeModelName(config.model, settings));
}

async function nameOfDetector(config: Config): Promise<string | null> {
  if (!hasCorpus(config)) return activeDetectorName(config.panelDetector, null);
  return withStores(config, ({ settings }) => activeDetectorName(config.panelDetector, settings));
}

function adviseFor({ data }: Config): Advise {
  return (command) => advice(command, data);
}
