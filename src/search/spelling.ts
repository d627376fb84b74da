import type { CorpusState } from '../domain/corpus-state.js';
import { mayBeMisspelled, rankCorrections } from '../domain/text/misspelling.js';
import { isProse, parseQuery, wantedLeaves } from '../domain/text/parse-query.js';
import { isStopWord } from '../domain/text/stop-words.js';
import type { KeywordIndex } from '../ports/keyword-index.js';
import type { Term } from './search-request.js';

/** Words of a query that are corrected: each costs a look through a part of the vocabulary. */
const maxWords = 4;

/** Finds words of a query that nothing in the corpus holds, and what they may have been meant to be. */
export class Spelling {
  constructor(private readonly keywords: Pick<KeywordIndex, 'count' | 'wordsLike'>) {}

  /**
   * The text of a query with corrected words; null where every word is in the corpus or nothing is spelled like it. Only for a
   * query with one text: who composes several gets no suggestion.
   */
  async suggest(terms: readonly Term[], asOf: CorpusState): Promise<string | null> {
    const texts = terms.flatMap((term) => (term.kind === 'text' && term.weight > 0 ? [term.text] : []));
    const [text] = texts;
    if (text === undefined || texts.length > 1 || isProse(text)) return null;
    const words = wantedLeaves(parseQuery(text)).flatMap(({ kind, text: word, prefix, field }) =>
      kind === 'word' && !prefix && field !== 'ids' && mayBeMisspelled(word) && !isStopWord(word) ? [word] : [],
    );
    const unknown: string[] = [];
    for (const word of new Set(words)) {
      if (unknown.length === maxWords) break;
      if ((await this.keywords.count({ text: word, scope: null, asOf })) === 0) unknown.push(word);
    }
    let suggested = text;
    for (const word of unknown) {
      const [best] = rankCorrections(word, await this.keywords.wordsLike(word, asOf));
      if (best !== undefined) suggested = withWord(suggested, word, best.word);
    }
    return suggested === text ? null : suggested;
  }
}

/** A text with one word in place of another, wherever that stands by itself. */
function withWord(text: string, word: string, corrected: string): string {
  return text.replace(new RegExp(`(?<![\\p{L}\\p{N}])${word}(?![\\p{L}\\p{N}])`, 'gu'), corrected);
}
