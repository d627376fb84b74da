import { z } from 'zod';
import { FigseekError, messageOf } from '../domain/errors.js';
import { dot, meanDirection } from '../domain/vector.js';
import type { Encoder } from '../ports/encoder.js';
import type { LabeledImage } from './label-neighbors.js';
import { mean } from './retrieval-metrics.js';
import { estimateMean, type Estimate } from './statistics.js';

/** For each label the texts that name it; their vectors are averaged (Radford et al., ICML 2021, section 3.1.4). */
export type PromptSets = Readonly<Record<string, readonly string[]>>;

/** Classification by the label whose texts are nearest, without training. */
export interface ZeroShotFigures {
  /** Images with at least one of the labels. */
  readonly images: number;
  readonly accuracy: Estimate;
  /** Mean of the labels' own accuracies: frequent labels count no more than rare ones. */
  readonly balancedAccuracy: number;
  /** 1 / number of labels. */
  readonly chance: number;
  /** What is reached by always naming the most frequent label. */
  readonly majorityChance: number;
  readonly labels: readonly { readonly label: string; readonly images: number; readonly accuracy: number }[];
}

export interface ZeroShotOutcome {
  readonly image: LabeledImage;
  readonly isRight: boolean;
}

const text = z.string().trim().min(1).max(4096);
const promptSets = z.record(z.string().min(1), z.array(text).min(1).max(200));

/** Reads `{"label": ["a text that names it", …], …}`. @throws {FigseekError} BAD_USER_INPUT */
export function parsePromptSets(content: string): PromptSets {
  try {
    const sets = promptSets.parse(JSON.parse(content));
    if (Object.keys(sets).length >= 2) return sets;
  } catch (error) {
    throw new FigseekError('BAD_USER_INPUT', `${expected}: ${messageOf(error)}`);
  }
  throw new FigseekError('BAD_USER_INPUT', `${expected} with two labels at least`);
}

const expected = 'Expected prompt sets as {"label": ["a text that names it", …], …}';

/** @throws {FigseekError} as the encoder; BAD_USER_INPUT where no image has one of the labels */
export async function measureZeroShot(
  encoder: Pick<Encoder, 'embedTexts'>,
  images: readonly LabeledImage[],
  sets: PromptSets,
  seed: string,
): Promise<{ readonly measures: ZeroShotFigures; readonly outcomes: readonly ZeroShotOutcome[] }> {
  const classes = await Promise.all(
    Object.entries(sets).map(async ([label, texts]) => ({
      label,
      vector: meanDirection(await encoder.embedTexts(texts, 'bulk')),
    })),
  );
  const asked = images.filter(({ labels }) => labels.some((label) => label in sets));
  const outcomes = asked.map((image) => {
    const scores = classes.map(({ vector }) => dot(image.vector, vector));
    const best = classes[scores.indexOf(Math.max(...scores))];
    return { image, isRight: best !== undefined && image.labels.includes(best.label) };
  });
  const groups = outcomes.map(({ image }) => image.group);
  const accuracy = estimateMean(
    outcomes.map(({ isRight }) => Number(isRight)),
    { seed, groups },
  );
  if (accuracy === null) {
    const labels = Object.keys(sets).join(', ');
    throw new FigseekError('BAD_USER_INPUT', `Expected records with one of the labels ${labels} but found none`);
  }
  const byLabel = accuracyByLabel(Object.keys(sets), outcomes);
  const measures = {
    images: outcomes.length,
    accuracy,
    balancedAccuracy: mean(byLabel.map((one) => one.accuracy)) ?? 0,
    chance: 1 / classes.length,
    majorityChance: Math.max(...byLabel.map((one) => one.images)) / outcomes.length,
    labels: byLabel,
  };
  return { measures, outcomes };
}

function accuracyByLabel(labels: readonly string[], outcomes: readonly ZeroShotOutcome[]): ZeroShotFigures['labels'] {
  return labels.flatMap((label) => {
    const own = outcomes.filter(({ image }) => image.labels.includes(label));
    return own.length === 0 ? [] : [{ label, images: own.length, accuracy: shareOfRight(own) }];
  });
}

function shareOfRight(outcomes: readonly ZeroShotOutcome[]): number {
  return outcomes.filter(({ isRight }) => isRight).length / outcomes.length;
}
