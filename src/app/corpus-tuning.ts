import type { INestApplicationContext } from '@nestjs/common';
import { withTunedSettings, type TunedSettings } from '../domain/tuned-settings.js';
import { SearchTuning, type Tuning } from '../evaluation/known-items/tune-search.js';
import type { ChannelSettings } from '../evaluation/known-items/timed-queries.js';
import { SettingsStore } from '../ports/settings-store.js';
import { Stores } from '../ports/stores.js';
import type { WorkReporter } from '../ports/work-reporter.js';
import { defaultWeights, usualDepth } from '../search/search-request.js';
import { ActiveModel } from './active-model.js';
import type { Config } from './config.js';
import { askOf, readerOf, type KnownItemOptions } from './corpus-evaluation.js';

/** The weights and the depth that searches of the corpus by texts use now, for its active model. */
export function presentSettings(core: INestApplicationContext): ChannelSettings {
  const { weights, depth } = core.get(ActiveModel).current.tuned.current;
  return { weights: { ...defaultWeights, ...weights }, depth: depth ?? usualDepth };
}

/** Looks for better weights and a better depth, and changes nothing. @returns null where the corpus has too few captions */
export async function tuneCorpus(
  core: INestApplicationContext,
  config: Pick<Config, 'maxPixels' | 'data'>,
  options: KnownItemOptions,
  reporter: Pick<WorkReporter, 'track'>,
): Promise<Tuning | null> {
  const readImage = await readerOf(core, config);
  const askWith = ({ weights, depth }: ChannelSettings) => askOf(core, { channelWeights: weights }, depth);
  const tuning = new SearchTuning(core.get(Stores), askWith, core.get(ActiveModel).current.model.name);
  const { weights: present, depth: presentDepth } = presentSettings(core);
  return tuning.run({ ...options, readImage, present, presentDepth }, reporter);
}

/** Keeps what is certainly better for the active model, and leaves the rest as it is. @returns whether anything was kept */
export async function keepBetter(core: INestApplicationContext, tuning: Tuning): Promise<boolean> {
  const before = core.get(ActiveModel).current.tuned.current;
  if (!tuning.isBetter && !tuning.depth.isBetter) return false;
  await keepSettings(core, {
    weights: tuning.isBetter ? tuning.best : before.weights,
    depth: tuning.depth.isBetter ? tuning.depth.best : before.depth,
  });
  return true;
}

/** Keeps settings for the active model. @param settings null: the usual ones again */
export async function keepSettings(core: INestApplicationContext, settings: TunedSettings | null): Promise<void> {
  const { model, tuned } = core.get(ActiveModel).current;
  const store = core.get(SettingsStore);
  await store.set('channel_weights', withTunedSettings(await store.get('channel_weights'), model.version, settings));
  await tuned.refresh();
}
