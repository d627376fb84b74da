import type { Details } from './answer-details.js';
import type { ResultLists } from './result-lists.js';

/** What answers a search by one model. An answer stays with its own to the end: pages of two models never mix. */
export interface SearchStack {
  readonly lists: ResultLists;
  readonly details: Details;
}
