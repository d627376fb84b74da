import { CorpusText, type CorpusQuery } from '../generated/operations';
import { ask } from './server';

/** How much there is, and the models. */
export function corpus(signal: AbortSignal): Promise<CorpusQuery> {
  return ask<CorpusQuery>(CorpusText, {}, signal);
}
