import { fitLogisticRegressionInTurns, varianceOf, type Example } from './logistic-regression.js';
import { dot, meanDirection } from './vector.js';

/** Image vectors, each of unit length, that say what belongs to a collection. */
export interface SuggestionExamples {
  /** Members, and figures that were rated RELEVANT; one at least. */
  readonly relevant: readonly Float32Array[];
  /** Figures that were rated IRRELEVANT. */
  readonly irrelevant: readonly Float32Array[];
  /** Some figures of the corpus that nobody judged: nearly all of them do not belong to the collection. */
  readonly background: readonly Float32Array[];
}

/** Tells how well a figure fits a collection. */
export interface SuggestionModel {
  /** Unit length: what the vector index is asked with. */
  readonly direction: Float32Array;
  /**
   * @param cosine of a figure's image vector with `direction`
   * @returns 0..1, the greater the better; comparable only within one model
   */
  readonly score: (cosine: number) => number;
}

export interface SuggestionSettings {
  /** For vectors whose parts have a variance of 1. */
  readonly penalty: number;
  /** What the background weighs together, as a share of what the relevant figures weigh together. */
  readonly backgroundShare: number;
  /** What one irrelevant figure weighs, beside one relevant figure. */
  readonly irrelevantWeight: number;
}

/** As measured (docs/curation.md). */
const usualSettings: SuggestionSettings = { penalty: 30, backgroundShare: 10, irrelevantWeight: 1 };

const relevantClass = 1;

/**
 * A regularized logistic regression of the relevant figures against the irrelevant ones and the background: nobody judged it,
 * but hardly any of it belongs to a collection (learning from positive and unlabeled examples: Elkan and Noto, KDD 2008).
 * The same examples give the same model. Without anything to tell the relevant figures from, it is their mean.
 */
export async function fitSuggestions(
  { relevant, irrelevant, background }: SuggestionExamples,
  { penalty, backgroundShare, irrelevantWeight }: SuggestionSettings = usualSettings,
): Promise<SuggestionModel> {
  if (irrelevant.length + background.length === 0) return nearestToMean(relevant);
  const unlabeled = (backgroundShare * relevant.length) / Math.max(1, background.length);
  const examples: readonly Example[] = [
    ...relevant.map((vector) => ({ vector, target: relevantClass })),
    ...irrelevant.map((vector) => ({ vector, target: 0, weight: irrelevantWeight })),
    ...background.map((vector) => ({ vector, target: 0, weight: unlabeled })),
  ];
  const classes = ['other', 'relevant'];
  const { weights, biases } = await fitLogisticRegressionInTurns(classes, examples, penalty * varianceOf(examples));
  const [other, own] = weights;
  if (other === undefined || own === undefined) return nearestToMean(relevant);
  const difference = own.map((part, at) => part - (other[at] ?? 0));
  const bias = (biases[relevantClass] ?? 0) - (biases[0] ?? 0);
  const length = Math.sqrt(dot(difference, difference));
  return { direction: meanDirection([difference]), score: (cosine) => 1 / (1 + Math.exp(-(length * cosine + bias))) };
}

/** What suggestions are compared with: similarity to the mean of the members. */
export function nearestToMean(relevant: readonly Float32Array[]): SuggestionModel {
  return { direction: meanDirection(relevant), score: (cosine) => (1 + cosine) / 2 };
}
