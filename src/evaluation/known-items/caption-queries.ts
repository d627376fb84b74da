import type { SeededRandom } from '../../domain/seeded-random.js';

/** A figure that queries are made from: whoever evaluates says what its id is. */
export interface CaptionedFigure {
  readonly id: string;
  readonly caption?: string | null | undefined;
}

/** A text and the figures that it asks for, of which the first is the one that it was made from. */
export interface TextQuery {
  readonly text: string;
  readonly wanted: ReadonlySet<string>;
}

/** Which figures hold a word in their captions. */
export type WordHolders = ReadonlyMap<string, readonly string[]>;

/**
 * Known-item queries from the words of captions: the figures that a query was made from are what it asks for. The same figures, in the
 * same order, and the same seed give the same queries.
 */
export class CaptionQueries {
  private readonly captioned: readonly { readonly id: string; readonly caption: string }[];

  /**
   * @param figures from which queries are made
   * @param holders of the whole corpus, for the words of these figures at least
   */
  constructor(
    figures: readonly CaptionedFigure[],
    private readonly holders: WordHolders,
    private readonly random: SeededRandom,
  ) {
    this.captioned = figures.flatMap(({ id, caption }) => (caption ? [{ id, caption }] : []));
  }

  /** Words that stand in so many captions. */
  words(count: number, least: number, most: number): readonly TextQuery[] {
    const fitting = [...this.holders].filter(([, ids]) => ids.length >= least && ids.length <= most);
    return this.random.sample(fitting, count).map(([text, ids]) => ({ text, wanted: new Set(ids) }));
  }

  /** Two words of one caption, each in at most so many captions; the captions with both are asked for. */
  pairs(count: number, most: number): readonly TextQuery[] {
    return this.random
      .sample(this.captioned, 4 * count)
      .flatMap(({ id, caption }): TextQuery[] => {
        const rare = [...wordsOf(caption)].filter((word) => this.isIn(word, 1, most));
        const [one, other] = this.random.sample(rare, 2);
        if (one === undefined || other === undefined) return [];
        const both = (this.holders.get(one) ?? []).filter((holder) => this.holders.get(other)?.includes(holder));
        return [{ text: `${one} ${other}`, wanted: new Set([id, ...both]) }];
      })
      .slice(0, count);
  }

  /** Some words of a caption as they follow each other, without marks that could be operators. */
  phrases(count: number, length: number): readonly TextQuery[] {
    const long = this.captioned.filter(({ caption }) => caption.split(/\s+/).length > 2 * length);
    return this.random.sample(long, count).map(({ id, caption }) => {
      const words = caption.split(/\s+/);
      const from = Math.floor(this.random.unit() * (words.length - length));
      const phrase = words.slice(from, from + length).join(' ');
      return { text: withoutOperators(phrase), wanted: new Set([id]) };
    });
  }

  /**
   * The figures whose captions may hold a phrase: those that hold all of its words that are known to stand in few captions.
   * @param most how many holders of a word were counted at most
   * @returns null where each of its words is common
   */
  candidatesOf(phrase: string, most: number): ReadonlySet<string> | null {
    const [first, ...others] = [...wordsOf(phrase)].filter((word) => this.isIn(word, 1, most));
    if (first === undefined) return null;
    const sets = others.map((word) => new Set(this.holders.get(word)));
    return new Set((this.holders.get(first) ?? []).filter((id) => sets.every((holders) => holders.has(id))));
  }

  private isIn(word: string, least: number, most: number): boolean {
    const count = this.holders.get(word)?.length ?? 0;
    return count >= least && count <= most;
  }
}

/** Words of four and more Latin letters, in lower case; what is joined to digits or by hyphens is none. */
export function wordsOf(text: string): ReadonlySet<string> {
  return new Set(text.toLowerCase().match(/(?<![\p{L}\p{N}-])[a-z]{4,}(?![\p{L}\p{N}-])/gu) ?? []);
}

/** A text without quotation marks, parentheses, prefixes and minus signs. */
function withoutOperators(text: string): string {
  return text.replace(/["“”()*]|(?<=\s)-/gu, '');
}

/** Collects which figures hold a word, caption by caption. */
export class HolderCounter {
  private readonly found = new Map<string, string[]>();

  /**
   * @param words the only ones that are looked for; null: all
   * @param most holders kept of a word, and one more: who holds a common word is of no use
   */
  constructor(
    words: ReadonlySet<string> | null = null,
    private readonly most = Infinity,
  ) {
    this.isOpen = words === null;
    for (const word of words ?? []) this.found.set(word, []);
  }

  private readonly isOpen: boolean;

  add({ id, caption }: CaptionedFigure): void {
    for (const word of wordsOf(caption ?? '')) {
      const holders = this.found.get(word);
      if (holders === undefined) {
        if (this.isOpen) this.found.set(word, [id]);
      } else if (holders.length <= this.most) holders.push(id);
    }
  }

  get holders(): WordHolders {
    return this.found;
  }
}
