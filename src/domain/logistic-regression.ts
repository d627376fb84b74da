import { drained, minimizeInSteps, type Objective } from './minimize.js';
import type { LinearWeights } from './panel-classifier.js';
import { dot } from './vector.js';

/** That of scikit-learn. */
const usualTolerance = 1e-4;

/** A vector with its class. */
export interface Example {
  readonly vector: Float32Array;
  /** The place of its class in the list of classes. */
  readonly target: number;
  /** How much its likelihood counts; above 0, default 1. */
  readonly weight?: number;
}

/**
 * Multinomial logistic regression: minimizes the weighted sum of the negative log likelihoods and half the penalty times the squares
 * of the weights; the biases are free. The same as scikit-learn's `LogisticRegression` with C = 1 / penalty.
 * @param examples of one dimension, one at least
 * @param penalty above 0
 * @param tolerance ends where no part of the mean gradient is greater
 */
export function fitLogisticRegression(
  classes: readonly string[],
  examples: readonly Example[],
  penalty: number,
  tolerance = usualTolerance,
): LinearWeights {
  return drained(fitInSteps(classes, examples, { penalty, tolerance }));
}

/** The same in turns with other work of the process, for a server: each step takes some milliseconds. */
export async function fitLogisticRegressionInTurns(
  classes: readonly string[],
  examples: readonly Example[],
  penalty: number,
): Promise<LinearWeights> {
  const work = fitInSteps(classes, examples, { penalty, tolerance: usualTolerance });
  for (;;) {
    const { done, value } = work.next();
    if (done === true) return value;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function* fitInSteps(
  classes: readonly string[],
  examples: readonly Example[],
  { penalty, tolerance }: { readonly penalty: number; readonly tolerance: number },
): Generator<undefined, LinearWeights> {
  const dimensions = examples[0]?.vector.length ?? 0;
  // The vectors of a model point in nearly one direction: around their mean and in units of their spread the minimum is
  // found in far fewer steps, and since the biases are free it is the same.
  const center = meanOf(examples, dimensions);
  const spread = Math.sqrt(varianceOf(examples)) || 1;
  const scaled = examples.map(({ vector, target, weight = 1 }) => ({
    ...{ target, weight, vector: vector.map((part, at) => (part - (center[at] ?? 0)) / spread) },
  }));
  const width = dimensions + 1;
  const found = yield* minimizeInSteps(
    negativeLogLikelihood(classes.length, scaled, penalty / spread ** 2),
    new Float64Array(classes.length * width),
    tolerance * examples.length,
  );
  const weights = classes.map((_, at) => {
    const row = found.subarray(at * width, at * width + dimensions);
    return Float32Array.from(row, (part) => part / spread);
  });
  return {
    ...{ classes, weights },
    biases: weights.map((row, at) => (found[at * width + dimensions] ?? 0) - dot(row, center)),
  };
}

/** The variance of the parts of vectors, all dimensions together. */
export function varianceOf(examples: readonly Pick<Example, 'vector'>[]): number {
  const dimensions = examples[0]?.vector.length ?? 0;
  const center = meanOf(examples, dimensions);
  let sum = 0;
  for (const { vector } of examples) {
    for (const [at, part] of vector.entries()) sum += (part - (center[at] ?? 0)) ** 2;
  }
  return sum / (examples.length * dimensions);
}

function meanOf(examples: readonly Pick<Example, 'vector'>[], dimensions: number): Float32Array {
  const sum = new Float64Array(dimensions);
  for (const { vector } of examples) for (const [at, part] of vector.entries()) sum[at] = (sum[at] ?? 0) + part;
  return Float32Array.from(sum, (part) => part / examples.length);
}

/** Of parameters float64 [classes, dimensions + 1], the bias last. */
function negativeLogLikelihood(classes: number, examples: readonly Required<Example>[], penalty: number): Objective {
  const dimensions = examples[0]?.vector.length ?? 0;
  const width = dimensions + 1;
  const scores = new Float64Array(classes);
  return (parameters, gradient) => {
    let value = 0;
    for (let at = 0; at < parameters.length; at++) {
      const weight = at % width === dimensions ? 0 : (parameters[at] ?? 0);
      gradient[at] = penalty * weight;
      value += (penalty / 2) * weight * weight;
    }
    for (const { vector, target, weight: share } of examples) {
      for (let of = 0; of < classes; of++) {
        let score = parameters[of * width + dimensions] ?? 0;
        for (let at = 0; at < dimensions; at++) score += (parameters[of * width + at] ?? 0) * (vector[at] ?? 0);
        scores[of] = score;
      }
      const highest = Math.max(...scores);
      let sum = 0;
      for (const score of scores) sum += Math.exp(score - highest);
      value += share * (highest + Math.log(sum) - (scores[target] ?? 0));
      for (let of = 0; of < classes; of++) {
        const error = share * (Math.exp((scores[of] ?? 0) - highest) / sum - (of === target ? 1 : 0));
        for (let at = 0; at < dimensions; at++) {
          gradient[of * width + at] = (gradient[of * width + at] ?? 0) + error * (vector[at] ?? 0);
        }
        gradient[of * width + dimensions] = (gradient[of * width + dimensions] ?? 0) + error;
      }
    }
    return value;
  };
}
