import type { ChannelWeights } from '../../domain/channel-weights.js';
import type { Channel } from '../../domain/search.js';
import { comparePaired, type PairedComparison, type ResamplingOptions } from '../statistics.js';
import type { Ask } from './ask.js';

/** Another way of searching for texts, that the search as it is served is held against. What is null is as it is served. */
export interface OtherSettings {
  readonly weights: ChannelWeights | null;
  readonly channels: readonly Channel[] | null;
  /** How many panels each channel names. */
  readonly depth: number | null;
  /** Whether synonyms and written-out abbreviations are looked for. */
  readonly expand: boolean | null;
}

/** The search with other settings. */
export interface OtherSearch {
  readonly settings: OtherSettings;
  readonly ask: Ask;
}

/** The search as it is served, less the one with other settings: above 0 where the first is better. */
export interface SettingsComparison extends PairedComparison {
  /** Mean reciprocal rank with the other settings. */
  readonly other: number;
  /** Queries whose first right figure comes earlier as it is served, and those where it comes later. */
  readonly better: number;
  readonly worse: number;
}

/**
 * @param served reciprocal rank of each query by the search as it is served
 * @param other the same queries with other settings
 * @returns null for no queries
 * @throws {RangeError} the two are not of one length
 */
export function compareSettings(
  served: readonly number[],
  other: readonly number[],
  options: ResamplingOptions,
): SettingsComparison | null {
  const comparison = comparePaired(served, other, options);
  if (comparison === null) return null;
  const differences = served.map((value, i) => value - (other[i] ?? 0));
  return {
    ...comparison,
    other: other.reduce((sum, value) => sum + value, 0) / other.length,
    better: differences.filter((difference) => difference > 0).length,
    worse: differences.filter((difference) => difference < 0).length,
  };
}
