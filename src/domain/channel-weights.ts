import type { Channel } from './search.js';

/** How much each channel counts; of one that is absent the usual weight holds. */
export type ChannelWeights = Readonly<Partial<Record<Channel, number>>>;
