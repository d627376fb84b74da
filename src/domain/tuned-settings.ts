import { z } from 'zod';
import type { ChannelWeights } from './channel-weights.js';

/** Depths that `figseek tune` chooses from. */
export const tunableDepths = [100, 200, 500, 1000] as const;

/** What `figseek tune` chose for one model on a corpus. */
export interface TunedSettings {
  readonly weights: ChannelWeights;
  /** How many panels each of several channels names for the first page of a text; null: as many as usual. */
  readonly depth: number | null;
}

const weight = z.number().positive().max(100).optional();
const depth = z.int().min(tunableDepths[0]).max(1000).optional();
const settingsOfModel = z.object({ IMAGE: weight, CAPTION: weight, KEYWORD: weight, depth });
/** By the version of a model: how far images and captions can be trusted depends on it. */
const setting = z.record(z.string(), settingsOfModel);

/** @param stored the setting `channel_weights` @returns the usual ones where none were chosen for the model, or nobody can read them */
export function tunedSettingsOf(stored: string | null, version: string): TunedSettings {
  const { depth = null, ...given } = settingsByModel(stored)[version] ?? {};
  return { weights: Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)), depth };
}

/** The setting with other choices for one model. @param tuned null: the usual ones again */
export function withTunedSettings(stored: string | null, version: string, tuned: TunedSettings | null): string {
  const { [version]: _before, ...others } = settingsByModel(stored);
  if (tuned === null) return JSON.stringify(others);
  const chosen = { ...tuned.weights, ...(tuned.depth === null ? {} : { depth: tuned.depth }) };
  return JSON.stringify({ ...others, [version]: chosen });
}

function settingsByModel(stored: string | null): z.infer<typeof setting> {
  if (stored === null) return {};
  try {
    return setting.parse(JSON.parse(stored));
  } catch {
    return {};
  }
}
