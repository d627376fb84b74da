import { FigseekError } from '../../domain/errors.js';
import { findFigureClass, type FigureTypeName } from '../../domain/figure-classes.js';
import { fitLogisticRegression, varianceOf } from '../../domain/logistic-regression.js';
import { classProbabilities, type LinearWeights } from '../../domain/panel-classifier.js';
import { comparePaired, estimateMean, type Estimate, type PairedComparison } from '../statistics.js';
import { mean } from '../retrieval-metrics.js';
import { dealFolds } from './folds.js';

/** A figure whose class is known. */
export interface LabeledVector {
  readonly className: string;
  /** What figures of one article share: they are never trained on and tested apart. */
  readonly group: string;
  /** Unit length. */
  readonly vector: Float32Array;
}

/** A linear head, and what it gains over the prompts, measured on figures that it was not trained on. */
export interface HeadTraining {
  readonly head: LinearWeights;
  /** For vectors whose parts have a variance of 1. */
  readonly penalty: number;
  readonly figures: number;
  readonly folds: number;
  readonly seed: string;
  readonly classes: readonly ClassAccuracy[];
  /** Classes with too few figures to be learned. */
  readonly leftOut: readonly { readonly name: string; readonly figures: number }[];
  /** Cross-validated. */
  readonly accuracy: Estimate;
  readonly balancedAccuracy: number;
  /** By the prompts, which choose among the same classes. */
  readonly zeroShot: Estimate;
  readonly zeroShotBalanced: number;
  /** By the prompts of all classes of the list, as figures are classified without a head. */
  readonly zeroShotOfAll: Estimate;
  /** How often the figure type is right: by the head, and by the prompts of all classes. */
  readonly typeAccuracy: Estimate;
  readonly zeroShotTypes: Estimate;
  /** 1 / number of classes, and what the most frequent class reaches. */
  readonly chance: number;
  readonly majorityChance: number;
  /** Head less prompts, among the same classes. */
  readonly gain: PairedComparison;
  /**
   * Whether the whole interval of the gain is above 0, its p-value below 0.05, and the mean of the classes no lower: a head that
   * names frequent classes more often and rare ones never is no better.
   */
  readonly isBetter: boolean;
}

interface ClassAccuracy {
  readonly name: string;
  readonly figures: number;
  readonly accuracy: number;
  readonly zeroShot: number;
}

export interface TrainOptions {
  readonly seed: string;
  readonly onProgress?: (done: number) => void;
}

const folds = 5;
/** A class with fewer figures is left out. */
const minFigures = 10;
/** Penalties that are tried, for vectors whose parts have a variance of 1. */
const penalties = [1000, 100, 10] as const;
const significance = 0.05;
/** Regressions that are fitted: for each fold, and for all figures, one for each penalty, and one for the result. */
export const fitCount = (folds + 1) * (penalties.length + 1);

/**
 * Trains a linear head (multinomial logistic regression with an L2 penalty) and measures it by cross-validation over groups.
 * The penalty is chosen by a split of the figures that are trained on, never by those that are measured.
 * @param zeroShot weights of the prompts of all classes of the list
 * @throws {FigseekError} BAD_USER_INPUT where fewer than two classes have enough figures
 */
export function trainHead(
  labeled: readonly LabeledVector[],
  zeroShot: LinearWeights,
  { seed, onProgress }: TrainOptions,
): HeadTraining {
  const { kept, leftOut, classes } = chooseClasses(labeled);
  let fitted = 0;
  const tell = () => onProgress?.((fitted += 1));
  const dealt = dealFolds(
    kept.map(({ group }) => group),
    folds,
    seed,
  );
  const named = kept.map(() => '');
  for (let fold = 0; fold < folds; fold++) {
    const rest = kept.filter((_, at) => dealt[at] !== fold);
    const { head } = fitChosen(classes, rest, seed, tell);
    for (const [at, one] of kept.entries()) if (dealt[at] === fold) named[at] = bestClass(head, one.vector);
  }
  const amongSame = restrict(zeroShot, classes);
  const measures = measure(kept, named, { amongSame, ofAll: zeroShot, classes, seed });
  return { ...fitChosen(classes, kept, seed, tell), ...measures, leftOut, folds, seed };
}

function chooseClasses(labeled: readonly LabeledVector[]) {
  const counts = new Map<string, number>();
  for (const { className } of labeled) counts.set(className, (counts.get(className) ?? 0) + 1);
  const sorted = [...counts].sort(([a, one], [b, other]) => other - one || (a < b ? -1 : 1));
  const classes = sorted.filter(([, figures]) => figures >= minFigures).map(([name]) => name);
  if (classes.length < 2) {
    const found = sorted.map(([name, figures]) => `${name} ${figures}`).join(', ');
    throw new FigseekError(
      'BAD_USER_INPUT',
      `Expected two classes at least with ${minFigures} labeled figures each but found ${found === '' ? 'none' : found}`,
    );
  }
  return {
    kept: labeled.filter(({ className }) => classes.includes(className)),
    leftOut: sorted.filter(([name]) => !classes.includes(name)).map(([name, figures]) => ({ name, figures })),
    classes,
  };
}

/** The penalty that is best on a fifth of the figures, and the head of all of them by it. */
function fitChosen(
  classes: readonly string[],
  labeled: readonly LabeledVector[],
  seed: string,
  tell: () => void,
): { readonly head: LinearWeights; readonly penalty: number } {
  const dealt = dealFolds(
    labeled.map(({ group }) => group),
    folds,
    `${seed}/penalty`,
  );
  const fit = (some: readonly LabeledVector[], penalty: number): LinearWeights => {
    const examples = some.map(({ vector, className }) => ({ vector, target: classes.indexOf(className) }));
    const head = fitLogisticRegression(classes, examples, penalty * varianceOf(examples));
    tell();
    return head;
  };
  const tried = penalties.map((penalty) => {
    const head = fit(
      labeled.filter((_, at) => dealt[at] !== 0),
      penalty,
    );
    const held = labeled.filter((_, at) => dealt[at] === 0);
    return { penalty, right: held.filter((one) => bestClass(head, one.vector) === one.className).length };
  });
  // Stable: of equal ones the greatest penalty.
  const penalty = [...tried].sort((one, other) => other.right - one.right)[0]?.penalty ?? penalties[0];
  return { head: fit(labeled, penalty), penalty };
}

function restrict({ classes, weights, biases }: LinearWeights, to: readonly string[]): LinearWeights {
  const places = classes.flatMap((name, at) => (to.includes(name) ? [at] : []));
  return {
    classes: places.map((at) => classes[at] ?? ''),
    weights: places.flatMap((at) => weights[at] ?? []),
    biases: places.map((at) => biases[at] ?? 0),
  };
}

function bestClass(linear: LinearWeights, vector: Float32Array): string {
  const probabilities = classProbabilities(linear, vector);
  return linear.classes[probabilities.indexOf(Math.max(...probabilities))] ?? '';
}

function typeOf(className: string | undefined): FigureTypeName | null {
  return findFigureClass(className ?? '')?.type ?? null;
}

interface Measured {
  readonly amongSame: LinearWeights;
  readonly ofAll: LinearWeights;
  readonly classes: readonly string[];
  readonly seed: string;
}

/** @param named the class that the head of the other folds gives each figure */
function measure(
  kept: readonly LabeledVector[],
  named: readonly string[],
  { amongSame, ofAll, classes, seed }: Measured,
) {
  const options = { seed, groups: kept.map(({ group }) => group) };
  const byHead = kept.map(({ className }, at) => Number(named[at] === className));
  const byPrompts = kept.map(({ className, vector }) => Number(bestClass(amongSame, vector) === className));
  const namedByAll = kept.map(({ vector }) => bestClass(ofAll, vector));
  const byAll = kept.map(({ className }, at) => Number(namedByAll[at] === className));
  const isType = (names: readonly string[]) =>
    kept.map(({ className }, at) => Number(typeOf(names[at]) === typeOf(className)));
  const shareOf = (values: readonly number[], name: string): number =>
    mean(values.filter((_, at) => kept[at]?.className === name)) ?? 0;
  const perClass = classes.map((name) => ({
    ...{ name, figures: kept.filter(({ className }) => className === name).length },
    ...{ accuracy: shareOf(byHead, name), zeroShot: shareOf(byPrompts, name) },
  }));
  const gain = comparePaired(byHead, byPrompts, options) ?? { difference: { mean: 0, low: 0, high: 0 }, pValue: 1 };
  const estimate = (values: readonly number[]): Estimate =>
    estimateMean(values, options) ?? { mean: 0, low: 0, high: 0 };
  const balancedAccuracy = mean(perClass.map(({ accuracy }) => accuracy)) ?? 0;
  const zeroShotBalanced = mean(perClass.map((one) => one.zeroShot)) ?? 0;
  return {
    ...{ figures: kept.length, classes: perClass, gain, balancedAccuracy, zeroShotBalanced },
    ...{ accuracy: estimate(byHead), zeroShot: estimate(byPrompts), zeroShotOfAll: estimate(byAll) },
    ...{ typeAccuracy: estimate(isType(named)), zeroShotTypes: estimate(isType(namedByAll)) },
    chance: 1 / classes.length,
    majorityChance: Math.max(...perClass.map(({ figures }) => figures)) / kept.length,
    isBetter: gain.difference.low > 0 && gain.pValue < significance && balancedAccuracy >= zeroShotBalanced,
  };
}
