import damerauLevenshtein from 'damerau-levenshtein';

/** A word of the corpus. */
export interface CorpusWord {
  readonly word: string;
  /** How many panels hold it, in any of its inflected forms. */
  readonly panels: number;
}

const [minLength, maxLength] = [4, 40];
/** From this length on, two letters may be wrong. */
const longWord = 8;
const letters = /^\p{L}+$/u;
const inCapitals = /^\p{Lu}+$/u;

/** Whether a word may be misspelled: abbreviations, symbols and short words are near to too many others. */
export function mayBeMisspelled(word: string): boolean {
  return word.length >= minLength && word.length <= maxLength && letters.test(word) && !inCapitals.test(word);
}

/** How many letters may be wrong, missing, too many or swapped in a word of that length. */
export function maxDistance(word: string): number {
  return word.length >= longWord ? 2 : 1;
}

/** Letters that are wrong, missing, too many, or swapped with the next one. */
export function wordDistance(one: string, other: string): number {
  return damerauLevenshtein(one, other).steps;
}

/**
 * The words that a misspelled one most likely stands for, best first: the fewest letters wrong, then the more frequent one. A
 * word with another beginning is rarely meant, and one that a single panel holds may be misspelled itself.
 */
export function rankCorrections(typed: string, words: readonly CorpusWord[]): readonly CorpusWord[] {
  const lower = typed.toLowerCase();
  const most = maxDistance(lower);
  return words
    .map((one) => ({ one, distance: wordDistance(lower, one.word), isSameStart: one.word[0] === lower[0] }))
    .filter(({ distance }) => distance > 0 && distance <= most)
    .sort(
      (a, b) =>
        a.distance - b.distance ||
        Number(b.isSameStart) - Number(a.isSameStart) ||
        b.one.panels - a.one.panels ||
        (a.one.word < b.one.word ? -1 : 1),
    )
    .map(({ one }) => one);
}
