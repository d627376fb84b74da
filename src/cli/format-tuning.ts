import type { ChannelSettings } from '../evaluation/known-items/timed-queries.js';
import type { DepthTuning, Tuning } from '../evaluation/known-items/tune-search.js';
import type { AllWeights } from '../evaluation/known-items/weight-grid.js';
import type { Estimate, PairedComparison } from '../evaluation/statistics.js';

const triedShown = 5;

/** A tuning for a person. @param isWritten whether what is certainly better was kept */
export function formatTuning(tuning: Tuning | null, isWritten: boolean): readonly string[] {
  if (tuning === null) return ['Nothing was tuned: the corpus has too few captions to make queries from'];
  const { model, figures, queries, present, best, tried, gain, classes } = tuning;
  return [
    `${model} on ${figures} figures: weights and depth chosen on ${queries.chosenOn} queries, measured on ${queries.measuredOn} others`,
    `present weights: ${formatWeights(present)}`,
    `best of ${tried.length} on the first half:`,
    ...tried
      .slice(0, triedShown)
      .map(({ weights, meanReciprocalRank }) => `  MRR ${meanReciprocalRank.toFixed(4)}  ${formatWeights(weights)}`),
    ...(gain === null ? [] : [`gain of ${formatWeights(best)} on the other half, MRR: ${describeGain(gain)}`]),
    ...classes.map(({ title, queries: count, gain: own }) => `  ${title} (${count}): ${signed(own)}`),
    ...formatDepth(tuning),
    'Most queries are words of captions, and settings that suit them suit searches by words; --judgments asks your own.',
    ...verdictsOf(tuning, isWritten),
  ];
}

/** The settings that hold, in words. */
export function formatSettings({ weights, depth }: ChannelSettings): string {
  return `${formatWeights(weights)}; each channel names ${depth} panels`;
}

function formatWeights({ IMAGE, CAPTION, KEYWORD }: AllWeights): string {
  return `IMAGE ${IMAGE}, CAPTION ${CAPTION}, KEYWORD ${KEYWORD}`;
}

function formatDepth({ depth, isBetter }: Tuning): readonly string[] {
  const { present, best, tried, gain, msPerQuery } = depth;
  return [
    `present depth: each channel names ${present} panels`,
    `best of ${tried.length} on the first half, with the ${isBetter ? 'best' : 'present'} weights:`,
    ...tried.map(({ depth: one, meanReciprocalRank }) => `  MRR ${meanReciprocalRank.toFixed(4)}  depth ${one}`),
    ...(gain === null ? [] : [`gain of depth ${best} on the other half, MRR: ${describeGain(gain)}`]),
    `cost of a query, measured here: ${describeCost(depth, msPerQuery)}`,
  ];
}

function describeCost({ present, best }: DepthTuning, ms: DepthTuning['msPerQuery']): string {
  const now = `${ms.present.toFixed(1)} ms at depth ${present}`;
  return best === present ? now : `${now}, ${ms.best.toFixed(1)} ms at depth ${best}`;
}

function verdictsOf({ gain, isBetter, depth }: Tuning, isWritten: boolean): readonly string[] {
  const verdicts = [
    verdictOf('weights', { hasOther: gain !== null, isBetter, isWritten }),
    verdictOf('depth', { hasOther: depth.gain !== null, isBetter: depth.isBetter, isWritten }),
  ];
  return isWritten ? [...verdicts, 'A running server takes over what was kept within two minutes'] : verdicts;
}

function verdictOf(
  name: 'weights' | 'depth',
  { hasOther, isBetter, isWritten }: Readonly<Record<'hasOther' | 'isBetter' | 'isWritten', boolean>>,
): string {
  const [are, were, them] = name === 'weights' ? ['are', 'were', 'them'] : ['is', 'was', 'it'];
  if (isBetter) {
    return isWritten ? `The best ${name} ${were} kept` : `The best ${name} ${are} better; --write keeps ${them}`;
  }
  if (!hasOther) return `Nothing is better than the present ${name}`;
  return `Nothing is certainly better than the present ${name}: the interval of the gain is not above 0, or p is not below 0.05`;
}

function describeGain({ difference, pValue }: PairedComparison): string {
  return `${signed(difference)} (95 % interval), p ${pValue.toFixed(4)}`;
}

function signed({ mean, low, high }: Estimate): string {
  const points = (value: number): string => `${value < 0 ? '' : '+'}${value.toFixed(4)}`;
  return `${points(mean)} [${points(low)}, ${points(high)}]`;
}
