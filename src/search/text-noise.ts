import type { ScoreStatistics } from '../domain/score-statistics.js';
import type { VectorKind } from '../domain/search.js';
import type { Encoder } from '../ports/encoder.js';
import type { VectorIndex } from '../ports/vector-index.js';
import { backgroundOf, standardScore } from './channel-background.js';

/** Up to which place a query's nearest figures tell whether the images say anything of it. */
export const clusterSize = 10;

/** How near texts that mean nothing come to what is stored, in standard scores. */
export interface NoiseLevel {
  /** Which the tenth nearest image seldom reaches (for one of four texts), and which it hardly ever reaches (one of twenty). */
  readonly images: { readonly seldom: number; readonly hardlyEver: number };
  /** Which the nearest caption hardly ever reaches; null where no figure has one. */
  readonly caption: number | null;
}

const probes = 64;
const [seldom, hardlyEver] = [0.75, 0.95];

/**
 * How near the images of this corpus come to texts that mean nothing. A model gives a vector to any text, and some images
 * are always near it; only what is nearer than these says something.
 */
export class TextNoise {
  private known: { readonly key: string; readonly level: Promise<NoiseLevel | null> } | null = null;

  constructor(
    private readonly encoder: Pick<Encoder, 'embedTexts'>,
    private readonly index: Pick<VectorIndex, 'scoreStatistics' | 'search'>,
  ) {}

  /**
   * Measured once a generation of the index.
   * @param statistics of the image vectors, as the search has them at hand
   * @returns null where the corpus is too small to tell, or where the model is too busy for it now
   */
  async level(generation: string | null, statistics: ScoreStatistics | null): Promise<NoiseLevel | null> {
    if (statistics === null) return null;
    const key = `${generation ?? 'none'} ${statistics.sample.length}`;
    if (this.known?.key !== key) {
      const level = this.measure();
      this.known = { key, level };
      // The next search tries again.
      level.catch(() => {
        if (this.known?.level === level) this.known = null;
      });
    }
    return this.known.level.catch(() => null);
  }

  private async measure(): Promise<NoiseLevel | null> {
    const words = Array.from({ length: probes }, (_, number) => madeUpWord(number));
    const vectors = await this.encoder.embedTexts(words, 'interactive');
    const [images, captions] = await Promise.all([
      this.scoresReached('IMAGE', vectors, clusterSize),
      this.scoresReached('CAPTION', vectors, 1),
    ]);
    const quantile = (scores: Float64Array, share: number): number | null =>
      scores[Math.floor(scores.length * share)] ?? null;
    const level = { seldom: quantile(images, seldom), hardlyEver: quantile(images, hardlyEver) };
    if (level.seldom === null || level.hardlyEver === null) return null;
    return {
      images: { seldom: level.seldom, hardlyEver: level.hardlyEver },
      caption: quantile(captions, hardlyEver),
    };
  }

  /** The standard scores of the vectors at a place of each answer, ascending. */
  private async scoresReached(
    kind: VectorKind,
    vectors: readonly Float32Array[],
    place: number,
  ): Promise<Float64Array> {
    const statistics = await this.index.scoreStatistics(kind);
    const scores = vectors.map(async (vector) => {
      const background = statistics === null ? null : backgroundOf(vector, statistics);
      if (background === null) return [];
      const { panels } = await this.index.search(kind, vector, { k: place });
      return panels.slice(-1).map(({ score }) => standardScore(score, background));
    });
    return Float64Array.from((await Promise.all(scores)).flat()).sort();
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
