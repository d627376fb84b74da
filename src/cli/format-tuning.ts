import type { AllWeights, Tuning } from '../evaluation/known-items/tune-weights.js';
import type { Estimate } from '../evaluation/statistics.js';

const triedShown = 5;

/** A tuning for a person. @param isWritten whether the best weights were kept */
export function formatTuning(tuning: Tuning | null, isWritten: boolean): readonly string[] {
  if (tuning === null) return ['Nothing was tuned: the corpus has too few captions to make queries from'];
  const { model, figures, queries, present, best, tried, gain, classes, deeper } = tuning;
  return [
    `${model} on ${figures} figures: weights chosen on ${queries.chosenOn} queries, measured on ${queries.measuredOn} others`,
    `present weights: ${formatWeights(present)}`,
    `best of ${tried.length} on the first half:`,
    ...tried
      .slice(0, triedShown)
      .map(({ weights, meanReciprocalRank }) => `  MRR ${meanReciprocalRank.toFixed(4)}  ${formatWeights(weights)}`),
    ...(gain === null
      ? []
      : [
          `gain of ${formatWeights(best)} on the other half, MRR: ${signed(gain.difference)} (95 % interval), p ${gain.pValue.toFixed(4)}`,
          ...classes.map(({ title, queries: count, gain: own }) => `  ${title} (${count}): ${signed(own)}`),
        ]),
    `channels that name five times as many panels, MRR: ${signed(deeper.difference)} (depth is not a setting: searches go deeper where pages ask for it)`,
    'Most queries are words of captions, and weights that suit them suit searches by words; --judgments asks your own.',
    verdictOf(tuning, isWritten),
  ];
}

export function formatWeights({ IMAGE, CAPTION, KEYWORD }: AllWeights): string {
  return `IMAGE ${IMAGE}, CAPTION ${CAPTION}, KEYWORD ${KEYWORD}`;
}

function verdictOf({ gain, isBetter }: Tuning, isWritten: boolean): string {
  if (isWritten) return 'The best weights were kept: a running server takes them over within two minutes';
  if (isBetter) return 'The best weights are better; --write keeps them';
  if (gain === null) return 'Nothing is better than the present weights';
  return 'Nothing is certainly better than the present weights: the interval of the gain is not above 0';
}

function signed({ mean, low, high }: Estimate): string {
  const points = (value: number): string => `${value < 0 ? '' : '+'}${value.toFixed(4)}`;
  return `${points(mean)} [${points(low)}, ${points(high)}]`;
}
