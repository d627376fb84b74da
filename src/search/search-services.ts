import type { HitEnricher } from './hit-enricher.js';
import type { ResultPager } from './result-pager.js';

/** What answers a search by one model. An answer stays with its own to the end: pages of two models never mix. */
export interface SearchServices {
  readonly lists: ResultPager;
  readonly details: HitEnricher;
}
