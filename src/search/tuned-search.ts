import { tunedSettingsOf, type TunedSettings } from '../domain/tuned-settings.js';
import type { SettingsStore } from '../ports/settings-store.js';
import type { CheckedRequest } from './search-request.js';

/** What `figseek tune` chose for one model on this corpus, as it was when it was last read. */
export class TunedSearch {
  private settings: TunedSettings = { weights: {}, depth: null };

  /** @param version of the model */
  constructor(
    private readonly store: Pick<SettingsStore, 'get'>,
    private readonly version: string,
  ) {}

  get current(): TunedSettings {
    return this.settings;
  }

  /** A request with the tuned weights, where it names none of its own. They were tuned on texts, and say nothing of images. */
  withWeights(request: CheckedRequest): CheckedRequest {
    if (!isOfTexts(request)) return request;
    return { ...request, channelWeights: { ...this.settings.weights, ...request.channelWeights } };
  }

  /** How many panels each channel names for the first page; null: as many as usual. A single channel ranks by itself. */
  depthFor(request: CheckedRequest): number | null {
    return isOfTexts(request) && request.channels.length > 1 ? this.settings.depth : null;
  }

  /** Reads the choice again: another process may have made another one. */
  async refresh(): Promise<void> {
    this.settings = tunedSettingsOf(await this.store.get('channel_weights'), this.version);
  }
}

function isOfTexts({ terms }: CheckedRequest): boolean {
  return terms.every(({ kind }) => kind === 'text');
}
