import type { CorpusState } from '../domain/corpus-state.js';
import type { FigureScope } from '../domain/figure-scope.js';
import type { PanelId } from '../domain/ids.js';
import type { IndexedPanel, RankedPanel } from '../domain/search.js';
import type { CorpusWord } from '../domain/text/misspelling.js';
import type { Expansion } from '../domain/text/synonyms.js';

export interface KeywordQuery {
  /** What a person typed; docs/search.md tells what it may say. */
  readonly text: string;
  /** Words of the text that others mean as well; a panel matches by these, too. */
  readonly expansions?: readonly Expansion[] | undefined;
  /** Which figures may be found; null: all. */
  readonly scope: FigureScope | null;
  /** What was committed up to here can be found. */
  readonly asOf: CorpusState;
}

/** How much the words of a query tell apart. */
export interface QueryInformation {
  /** Words and phrases that are asked for; words such as "the" are none. */
  readonly words: number;
  /** Sum of their inverse document frequencies, in nats: ln((N − n + ½) / (n + ½)), at least 0; a word that no panel holds counts as n = 0. */
  readonly total: number;
}

/** Finds panels by their words. Scores are BM25 with a weight for each column: higher is better. */
export abstract class KeywordIndex {
  /** The best `k` panels that match, best first. */
  abstract search(query: KeywordQuery, k: number): Promise<readonly (IndexedPanel & RankedPanel)[]>;

  /** The scores of given panels, for those that match, best first. */
  abstract score(query: KeywordQuery, panels: readonly PanelId[]): Promise<readonly RankedPanel[]>;

  /** How many figures have a panel that matches. */
  abstract count(query: KeywordQuery): Promise<number>;

  /** A word with synonyms tells as much as the most frequent of these. */
  abstract information(query: Omit<KeywordQuery, 'scope'>): Promise<QueryInformation>;

  /** Words that some panel holds and that are spelled nearly like the given one, in no order; all letters are small. */
  abstract wordsLike(word: string, asOf: CorpusState): Promise<readonly CorpusWord[]>;
}
