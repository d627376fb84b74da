import type { INestApplicationContext } from '@nestjs/common';
import { withTunedWeights, type ChannelWeights } from '../domain/channel-weights.js';
import { WeightTuning, type AllWeights, type Tuning } from '../evaluation/known-items/tune-weights.js';
import { SettingsStore } from '../ports/settings-store.js';
import { Stores } from '../ports/stores.js';
import type { WorkReporter } from '../ports/work-reporter.js';
import { defaultWeights } from '../search/search-request.js';
import { ActiveModel } from './active-model.js';
import type { Config } from './config.js';
import { askOf, readerOf, type KnownItemOptions } from './corpus-evaluation.js';

/** The weights that searches of the corpus use now, for its active model. */
export function presentWeights(core: INestApplicationContext): AllWeights {
  return { ...defaultWeights, ...core.get(ActiveModel).current.tuned.current };
}

/** Looks for better weights, and changes nothing. @returns null where the corpus has too few captions */
export async function tuneCorpus(
  core: INestApplicationContext,
  config: Pick<Config, 'maxPixels' | 'data'>,
  options: KnownItemOptions,
  reporter: Pick<WorkReporter, 'track'>,
): Promise<Tuning | null> {
  const readImage = await readerOf(core, config);
  const askWith = (channelWeights: AllWeights, depth: number) => askOf(core, { channelWeights }, depth);
  const tuning = new WeightTuning(core.get(Stores), askWith, core.get(ActiveModel).current.model.name);
  return tuning.run({ ...options, readImage, present: presentWeights(core) }, reporter);
}

/** Keeps weights for the active model. @param weights null: the usual ones again */
export async function keepWeights(core: INestApplicationContext, weights: ChannelWeights | null): Promise<void> {
  const { model, tuned } = core.get(ActiveModel).current;
  const settings = core.get(SettingsStore);
  const stored = await settings.get('channel_weights');
  await settings.set('channel_weights', withTunedWeights(stored, model.version, weights));
  await tuned.refresh();
}
