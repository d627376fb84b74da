import { maxDistance, wordDistance, type CorpusWord } from '../../../domain/text/misspelling.js';
import type { Database } from '../database.js';
import { readSearchableTexts, wordColumns, type Words } from './word-index.js';

/** Stems whose words are looked at. */
const maxStems = 12;
/** Endings that are cut off leave at least this part of a word. */
const leastPart = 0.6;
/** Places where a stem stands: its words differ by their endings. */
const placesOfStem = 8;
const token = /[\p{L}\p{N}\p{M}\p{Co}]+/gu;

interface Stem {
  readonly stem: string;
  readonly panels: number;
  readonly distance: number;
}

interface Place {
  readonly doc: number;
  readonly col: (typeof wordColumns)[number];
  readonly offset: number;
}

/**
 * Makes views of the keyword index: `words_by_row`, its terms, and `words_by_instance`, each place of each term. They are
 * temporary, so that a database that is only read needs no change.
 */
export async function createWordViews({ scanner }: Database): Promise<void> {
  for (const kind of ['row', 'instance']) {
    await scanner.query(
      `CREATE VIRTUAL TABLE IF NOT EXISTS temp.words_by_${kind} USING fts5vocab(main, panel_words, ${kind})`,
    );
  }
}

/**
 * The words of the corpus, by the vocabulary of the keyword index (`fts5vocab` of SQLite). The index keeps stems: the words
 * themselves are read from texts in which a stem stands.
 */
export class Vocabulary {
  private created: Promise<unknown> | null = null;

  constructor(private readonly database: Database) {}

  /** Words that begin nearly like one that no panel holds, and differ from it in a few letters. */
  async wordsLike(typed: string): Promise<readonly CorpusWord[]> {
    await this.create();
    const word = typed.toLowerCase();
    const stems = await this.stemsLike(word);
    const words = await Promise.all(stems.map(async (stem) => this.nearestWord(word, stem)));
    return words.filter((one) => one !== null);
  }

  private create(): Promise<unknown> {
    this.created ??= createWordViews(this.database).catch((error: unknown) => {
      this.created = null;
      throw error;
    });
    return this.created;
  }

  private async stemsLike(word: string): Promise<readonly Stem[]> {
    const most = maxDistance(word);
    const [shortest, longest] = [Math.ceil(leastPart * word.length) - 1, word.length + most];
    const lists = await Promise.all(
      [...new Set([word[0], word[1]])].map(async (letter = '') => {
        const [row] = await this.database.scanner.query<{ list: string | null }[]>(
          `SELECT group_concat(term || ' ' || doc, ';') AS list FROM temp.words_by_row
           WHERE term >= ? AND term < ? AND length(term) BETWEEN ? AND ?`,
          [letter, `${letter}\u{10ffff}`, shortest, longest],
        );
        return (row?.list ?? '').split(';').filter((line) => line !== '');
      }),
    );
    const stems = lists.flat().flatMap((line): Stem[] => {
      const [stem = '', panels] = line.split(' ');
      // One letter more: the last one of a stem is often another one than that of the word.
      const distance = wordDistance(word.slice(0, stem.length), stem);
      return distance > most + 1 ? [] : [{ stem, panels: Number(panels), distance }];
    });
    return stems.sort((a, b) => a.distance - b.distance || b.panels - a.panels).slice(0, maxStems);
  }

  /** The word with a stem that is spelled most like the typed one. */
  private async nearestWord(typed: string, { stem, panels }: Stem): Promise<CorpusWord | null> {
    const places = await this.database.scanner.query<Place[]>(
      'SELECT doc, col, offset FROM temp.words_by_instance WHERE term = ? LIMIT ?',
      [stem, placesOfStem],
    );
    const texts = await readSearchableTexts(
      (sql, values) => this.database.scanner.query<Words[]>(sql, [...values]),
      places.map(({ doc }) => doc),
    );
    const textsOf = new Map(texts.map((one) => [one.seq, one.texts]));
    const words = places.flatMap(({ doc, col, offset }) => {
      const text = textsOf.get(doc)?.[wordColumns.indexOf(col)] ?? '';
      return text.match(token)?.[offset] ?? [];
    });
    const [nearest] = words
      .map((word) => ({ word, distance: wordDistance(typed, word) }))
      .sort((a, b) => a.distance - b.distance);
    return nearest === undefined ? null : { word: nearest.word, panels };
  }
}
