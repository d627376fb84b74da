import type { VectorIndex } from '../ports/vector-index.js';
import { backgroundOf, standardScore } from './channel-background.js';
import type { QueryEncoder } from './query-encoder.js';

/** Up to which place a query's nearest figures tell whether the images say anything of it. */
export const clusterSize = 10;

const probes = 64;
/** Three of four texts that mean nothing stay below the level. */
const quantile = 0.75;

/**
 * How near the images of this corpus come to texts that mean nothing. A model gives a vector to any text, and some images
 * are always near it; only what is nearer than these says something.
 */
export class TextNoise {
  private known: { readonly key: string; readonly level: Promise<number | null> } | null = null;

  constructor(
    private readonly queries: Pick<QueryEncoder, 'encodeTexts'>,
    private readonly index: Pick<VectorIndex, 'generation' | 'scoreStatistics' | 'search'>,
  ) {}

  /**
   * Measured once a generation of the index.
   * @returns the standard score of the tenth nearest image that a text without meaning seldom reaches; null where the corpus
   * is too small to tell
   */
  async level(): Promise<number | null> {
    const [generation, statistics] = await Promise.all([this.index.generation(), this.index.scoreStatistics('IMAGE')]);
    if (statistics === null) return null;
    const key = `${generation ?? 'none'} ${statistics.sample.length}`;
    if (this.known?.key !== key) {
      const level = this.measure();
      this.known = { key, level };
      level.catch(() => (this.known = null));
    }
    return this.known.level;
  }

  private async measure(): Promise<number | null> {
    const statistics = await this.index.scoreStatistics('IMAGE');
    if (statistics === null) return null;
    const vectors = await this.queries.encodeTexts(Array.from({ length: probes }, (_, number) => madeUpWord(number)));
    const reached = await Promise.all(
      vectors.map(async (vector) => {
        const background = backgroundOf(vector, statistics);
        const { panels } = await this.index.search('IMAGE', vector, { k: clusterSize });
        const last = panels.at(-1);
        return background === null || last === undefined ? [] : [standardScore(last.score, background)];
      }),
    );
    const sorted = Float64Array.from(reached.flat()).sort();
    return sorted[Math.floor(sorted.length * quantile)] ?? null;
  }
}

const consonants = 'bcdfghjklmnprstvwz';
const vowels = 'aeiou';

/** Three or four syllables that are no word, the same for each number. */
function madeUpWord(number: number): string {
  let state = Math.imul(number + 1, 2_654_435_761) >>> 0;
  const letterOf = (letters: string): string => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return letters[Math.floor((state / 2 ** 32) * letters.length)] ?? '';
  };
  return Array.from({ length: 3 + (number % 2) }, () => letterOf(consonants) + letterOf(vowels)).join('');
}
