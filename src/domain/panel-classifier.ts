import { findFigureClass, isModality, type FigureClass } from './figure-classes.js';
import type { ClassMethod, PanelClass } from './panel-class.js';
import { dot } from './vector.js';

/** A linear classifier of image vectors: the softmax of a weighted sum for each class. */
export interface LinearWeights {
  /** Names of classes. */
  readonly classes: readonly string[];
  /** float32 [dimensions] for each class. */
  readonly weights: readonly Float32Array[];
  /** One for each class. */
  readonly biases: readonly number[];
}

/**
 * What cosines are multiplied by before the softmax: CLIP is trained up to this bound and ends there (Radford et al., ICML
 * 2021, section 2.5); packages do not keep the scale of their model.
 */
const zeroShotScale = 100;

/** @param directions unit vector of each class */
export function zeroShotWeights(classes: readonly string[], directions: readonly Float32Array[]): LinearWeights {
  const weights = directions.map((direction) => direction.map((value) => value * zeroShotScale));
  return { classes, weights, biases: classes.map(() => 0) };
}

/** The probability of each class. @returns in the order of the classes; their sum is 1 */
export function classProbabilities({ weights, biases }: LinearWeights, vector: Float32Array): readonly number[] {
  const scores = weights.map((row, at) => dot(row, vector) + (biases[at] ?? 0));
  const highest = Math.max(...scores);
  const powers = scores.map((score) => Math.exp(score - highest));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}

/** Names the figure type and modality of panels by their image vectors. */
export class PanelClassifier {
  private readonly all: ClassChoice;
  private readonly ofParts: ClassChoice;

  /** @throws {RangeError} a class is not in the list of classes */
  constructor(
    private readonly method: Exclude<ClassMethod, 'PANELS'>,
    weights: LinearWeights,
  ) {
    this.all = new ClassChoice(weights);
    this.ofParts = this.all.without('compound');
  }

  /**
   * The class with the highest probability; its type has the sum of the probabilities of all classes of this type.
   * @param isWhole a part of a figure is never compound
   */
  classify(vector: Float32Array, isWhole: boolean): PanelClass {
    const { best, probability, typeProbability } = (isWhole ? this.all : this.ofParts).choose(vector);
    const hasModality = isModality(best);
    return {
      ...{ method: this.method, figureType: best.type, figureTypeProbability: typeProbability },
      ...{ modality: hasModality ? best.name : null, modalityProbability: hasModality ? probability : null },
    };
  }
}

class ClassChoice {
  private readonly classes: readonly FigureClass[];

  constructor(private readonly linear: LinearWeights) {
    this.classes = linear.classes.map((name) => {
      const found = findFigureClass(name);
      if (found === null) throw new RangeError(`Expected a class of the list but received ${name}`);
      return found;
    });
  }

  /** The same choice without a class, unless it is the only one. */
  without(name: string): ClassChoice {
    const { classes, weights, biases } = this.linear;
    const isKept = (_value: unknown, at: number): boolean => classes[at] !== name;
    const kept = classes.filter(isKept);
    if (kept.length === 0) return this;
    return new ClassChoice({ classes: kept, weights: weights.filter(isKept), biases: biases.filter(isKept) });
  }

  choose(vector: Float32Array): {
    readonly best: FigureClass;
    readonly probability: number;
    readonly typeProbability: number;
  } {
    const probabilities = classProbabilities(this.linear, vector);
    const probability = Math.max(...probabilities);
    const best = this.classes[probabilities.indexOf(probability)];
    if (best === undefined) throw new RangeError('Expected a vector of finite numbers and one class at least');
    const typeProbability = this.classes.reduce(
      (sum, { type }, at) => sum + (type === best.type ? (probabilities[at] ?? 0) : 0),
      0,
    );
    return { best, probability, typeProbability: Math.min(1, typeProbability) };
  }
}
