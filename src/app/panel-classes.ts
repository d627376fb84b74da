import type { INestApplicationContext } from '@nestjs/common';
import { withLinearHead } from '../domain/linear-head.js';
import type { LinearWeights } from '../domain/panel-classifier.js';
import { readZeroShotWeights } from '../corpus/panel-classification.js';
import { classByLabels, classOfRecord } from '../evaluation/panel-classes/class-labels.js';
import { readLabeled, type LabeledFigures, type LabeledRequest } from '../evaluation/panel-classes/read-labeled.js';
import { fitCount, trainHead, type HeadTraining } from '../evaluation/panel-classes/train-head.js';
import { SettingsStore } from '../ports/settings-store.js';
import { Stores } from '../ports/stores.js';
import type { WorkReporter } from '../ports/work-reporter.js';
import { ActiveModel } from './active-model.js';

/** Gives each panel a class that has none by the classifier in use. @returns how many panels were classified */
export function classifyPanels(
  core: INestApplicationContext,
  { track }: Pick<WorkReporter, 'track'>,
  signal?: AbortSignal,
): Promise<number> {
  const { classification } = core.get(ActiveModel).current;
  return track('classifying panels', null, (onProgress) =>
    classification.run({ onProgress, ...(signal === undefined ? {} : { signal }) }),
  );
}

export interface HeadRequest extends Pick<LabeledRequest, 'split' | 'limit' | 'groupBy'> {
  /** The class by the id of a figure or its record; null: by the modality, else the labels of records. */
  readonly labels: ReadonlyMap<string, string> | null;
  readonly seed: string;
}

/** A head that was trained, and what it was trained on. */
export interface CorpusHeadTraining extends HeadTraining, Omit<LabeledFigures, 'labeled'> {
  readonly model: string;
}

/**
 * Trains a linear head on the stored vectors of the corpus, and changes nothing.
 * @throws {FigseekError} BAD_USER_INPUT where too few figures have a class; as the encoder
 */
export async function trainCorpusHead(
  core: INestApplicationContext,
  { labels, seed, ...looked }: HeadRequest,
  { track }: Pick<WorkReporter, 'track'>,
): Promise<CorpusHeadTraining> {
  const { model, bulkEncoder } = core.get(ActiveModel).current;
  const { figures, embeddings } = core.get(Stores);
  const classOf = labels === null ? classOfRecord : classByLabels(labels);
  const { labeled, ...counts } = await readLabeled(figures, embeddings, {
    ...{ space: model.version, classOf, ...looked },
  });
  const zeroShot = await readZeroShotWeights(bulkEncoder);
  const training = await track('training', fitCount, (onProgress) =>
    Promise.resolve(trainHead(labeled, zeroShot, { seed, onProgress })),
  );
  return { model: model.name, ...training, ...counts };
}

/** Keeps a head for the active model. @param head null: classify by the prompts again */
export async function keepHead(core: INestApplicationContext, head: LinearWeights | null): Promise<void> {
  const { version } = core.get(ActiveModel).current.model;
  const store = core.get(SettingsStore);
  await store.set('linear_heads', withLinearHead(await store.get('linear_heads'), version, head));
}
