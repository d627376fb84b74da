import { z } from 'zod';
import type { Channel } from './search.js';

/** How much each channel counts; of one that is absent the usual weight holds. */
export type ChannelWeights = Readonly<Partial<Record<Channel, number>>>;

const weight = z.number().positive().max(100).optional();
const weightsOfModel = z.object({ IMAGE: weight, CAPTION: weight, KEYWORD: weight });
/** By the version of a model: how far images and captions can be trusted depends on it. */
const setting = z.record(z.string(), weightsOfModel);

/** @param stored the setting `channel_weights` @returns nothing where none were chosen for the model, or nobody can read them */
export function tunedWeightsOf(stored: string | null, version: string): ChannelWeights {
  const given = weightsByModel(stored)[version] ?? {};
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

/** The setting with other weights for one model. @param weights null: the usual ones again */
export function withTunedWeights(stored: string | null, version: string, weights: ChannelWeights | null): string {
  const { [version]: _before, ...others } = weightsByModel(stored);
  return JSON.stringify(weights === null ? others : { ...others, [version]: weights });
}

function weightsByModel(stored: string | null): z.infer<typeof setting> {
  if (stored === null) return {};
  try {
    return setting.parse(JSON.parse(stored));
  } catch {
    return {};
  }
}
