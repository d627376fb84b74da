import { FigseekError } from '../domain/errors.js';
import { dot } from '../domain/vector.js';
import { backgroundOf, minSample, type ChannelBackground } from './channel-background.js';
import type { ScoreStatistics } from '../domain/score-statistics.js';

/** A term of a query as a vector: unit length, in the space of the model. */
export interface WeightedVector {
  readonly vector: Float32Array;
  readonly weight: number;
}

interface CalibratedTerm extends WeightedVector {
  readonly mean: number;
  readonly deviation: number;
}

/**
 * A query of one or several terms against the vectors of one kind.
 *
 * Cosines of a text with images lie around 0.3, those of an image with images around 0.7 (the modality gap: Liang et al.,
 * NeurIPS 2022), so they cannot be added as they are. Each term's cosine becomes a standard score over the corpus,
 * z = (cos − mean) / deviation (zero-mean, unit-variance normalization: Montague and Aslam, CIKM 2001), and
 * score = Σ w·z over positive terms − Σ |w|·max(0, z) over negative ones: a negative term lowers what shows it and does
 * not raise what is merely unlike it. docs/search.md has the measurement that chose this.
 */
export class ComposedQuery {
  private constructor(
    private readonly terms: readonly CalibratedTerm[],
    /** What an unrelated panel scores on average. */
    readonly base: number,
    /** Unit length: what the index is asked with. Its neighbors are the candidates that `score` orders. */
    readonly vector: Float32Array,
    private readonly statistics: ScoreStatistics | null,
  ) {}

  /**
   * @param statistics null where the corpus is too small to tell; then cosines are added as they are
   * @throws {FigseekError} BAD_USER_INPUT where the terms cancel each other
   */
  static compose(terms: readonly WeightedVector[], statistics: ScoreStatistics | null): ComposedQuery {
    const [only] = terms;
    if (only !== undefined && terms.length === 1) {
      const base = statistics === null ? 0 : dot(only.vector, statistics.mean);
      return new ComposedQuery([{ ...only, mean: 0, deviation: 1 }], base, only.vector, statistics);
    }
    const calibrated = terms.map((term) => ({ ...term, ...calibration(term.vector, statistics) }));
    const sum = new Float32Array(only?.vector.length ?? 0);
    for (const { vector, weight, deviation } of calibrated) {
      for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] ?? 0) + (weight / deviation) * (vector[i] ?? 0);
    }
    const length = Math.sqrt(dot(sum, sum));
    if (!(length > 1e-6)) throw new FigseekError('BAD_USER_INPUT', 'The terms of this query cancel each other out');
    return new ComposedQuery(
      calibrated,
      0,
      sum.map((value) => value / length),
      statistics,
    );
  }

  /** Whether `score` is the cosine, so that the order of the index is the order of the scores. */
  get isSingleTerm(): boolean {
    return this.terms.length === 1;
  }

  /** Where unrelated panels lie; null where the corpus is too small to tell. */
  background(): ChannelBackground | null {
    return this.statistics === null ? null : backgroundOf(this.vector, this.statistics);
  }

  /** What stored vectors are compared with for `score`, in its order. */
  get vectors(): readonly Float32Array[] {
    return this.terms.map(({ vector }) => vector);
  }

  /** @param cosines of a stored vector with each of `vectors`; @returns the cosine for one term, else the calibrated sum */
  score(cosines: ArrayLike<number>): number {
    if (this.isSingleTerm) return cosines[0] ?? 0;
    return this.terms.reduce((score, term, at) => {
      const z = ((cosines[at] ?? 0) - term.mean) / term.deviation;
      return score + term.weight * (term.weight > 0 ? z : Math.max(0, z));
    }, 0);
  }

  /** `score` of a vector that is in no index. */
  scoreVector(vector: Float32Array): number {
    return this.score(this.terms.map((term) => dot(term.vector, vector)));
  }
}

function calibration(vector: Float32Array, statistics: ScoreStatistics | null): { mean: number; deviation: number } {
  if (statistics === null || statistics.sample.length < minSample) return { mean: 0, deviation: 1 };
  const mean = dot(vector, statistics.mean);
  const squares = statistics.sample.reduce((sum, other) => sum + (dot(vector, other) - mean) ** 2, 0);
  // A corpus of equal images has no spread.
  return { mean, deviation: Math.max(1e-4, Math.sqrt(squares / statistics.sample.length)) };
}
