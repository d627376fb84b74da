import { tunedWeightsOf, type ChannelWeights } from '../domain/channel-weights.js';
import type { SettingsStore } from '../ports/settings-store.js';
import type { CheckedRequest } from './search-request.js';

/** The weights that `figseek tune` chose for one model on this corpus, as they were when they were last read. */
export class TunedWeights {
  private weights: ChannelWeights = {};

  /** @param version of the model */
  constructor(
    private readonly settings: Pick<SettingsStore, 'get'>,
    private readonly version: string,
  ) {}

  get current(): ChannelWeights {
    return this.weights;
  }

  /** A request with these weights, where it names none of its own. They were tuned on texts, and say nothing of images. */
  applyTo(request: CheckedRequest): CheckedRequest {
    if (request.terms.some(({ kind }) => kind !== 'text')) return request;
    return { ...request, channelWeights: { ...this.weights, ...request.channelWeights } };
  }

  /** Reads them again: another process may have chosen others. */
  async refresh(): Promise<void> {
    this.weights = tunedWeightsOf(await this.settings.get('channel_weights'), this.version);
  }
}
