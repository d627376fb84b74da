import type { LabeledEvaluation } from '../app/evaluate-file.js';
import type { Evaluation } from '../evaluation/evaluate.js';
import type { Estimate } from '../evaluation/statistics.js';
import { measureNames } from './measure-names.js';

/** Reasons why records were left out: more would hide the figures. */
const reasonsShown = 5;

/** Labels shown, the most frequent first: a set may have hundreds. */
const labelsShown = 20;

/** An evaluation for a person. */
export function formatEvaluation(evaluation: LabeledEvaluation): readonly string[] {
  const { captionToImage, imageToCaption, labels, leftOut, ...rest } = evaluation;
  const panels = rest.panels === rest.records ? '' : ` with ${rest.panels} panels`;
  return [
    `${rest.model} on ${rest.records} records${panels} (split: ${rest.split}), ${leftOut.length} left out`,
    ...formatLeftOut(leftOut),
    formatRetrieval('caption → image', captionToImage),
    formatRetrieval('image → caption', imageToCaption),
    ...labels.map(
      ({ query, label, precisionAt10, chance, ratio, relevant }) =>
        `“${query}” (${label}, ${relevant} relevant): P@10 ${percent(precisionAt10)}, chance ${percent(chance)}, ${ratio.toFixed(1)} ×`,
    ),
    ...(rest.labelRatio === null ? [] : [`labels together: ${rest.labelRatio.toFixed(1)} × chance`]),
    ...formatNeighbors(rest.labelNeighbors),
    ...formatZeroShot(rest.zeroShot),
    ...formatMasks(rest.masks),
    ...formatDifferences(evaluation),
  ];
}

/** A direction of retrieval in one line. */
export function formatRetrieval(name: string, figures: Evaluation['captionToImage']): string {
  const { recallAt10, chanceAt10, medianRank, queries, intervals } = figures;
  const times = chanceAt10 === 0 ? 0 : recallAt10 / chanceAt10;
  const { recallAt1, recallAt5, recallAt50, meanReciprocalRank } = intervals;
  const recalls = `R@1 ${estimate(recallAt1)}, R@5 ${estimate(recallAt5)}, R@10 ${estimate(intervals.recallAt10)} (${times.toFixed(2)} × chance), R@50 ${estimate(recallAt50)}`;
  return `${name}: ${recalls}, MRR ${estimate(meanReciprocalRank)}, median rank ${medianRank ?? '-'} of ${queries}`;
}

function formatNeighbors(neighbors: Evaluation['labelNeighbors']): readonly string[] {
  if (neighbors === null) return [];
  const { images, labels, majorityVote, majorityChance } = neighbors;
  const shown = labels.slice(0, labelsShown);
  const more = labels.length - shown.length;
  return [
    `majority vote of the ten nearest images (${images}): ${estimate(majorityVote)}, the most frequent label ${percent(majorityChance)}`,
    ...shown.map(
      ({ label, images: count, precisionAt10, chance }) =>
        `  “${label}” (${count} images): P@10 ${estimate(precisionAt10)}, chance ${percent(chance)}`,
    ),
    ...(more > 0 ? [`  … and ${more} more labels; --json tells them all`] : []),
  ];
}

/** @param task its name, where a set has more than one */
export function formatZeroShot(zeroShot: Evaluation['zeroShot'], task = ''): readonly string[] {
  if (zeroShot === null) return [];
  const { images, accuracy, balancedAccuracy, chance, majorityChance, labels } = zeroShot;
  const beside = `chance ${percent(chance)}, the most frequent label ${percent(majorityChance)}`;
  return [
    `zero-shot classification${task} (${images} images, ${labels.length} labels): accuracy ${estimate(accuracy)}, balanced ${percent(balancedAccuracy)}, ${beside}`,
    ...labels.map((one) => `  “${one.label}” (${one.images} images): ${percent(one.accuracy)}`),
  ];
}

/** Masks by prompt; none where the set has no true masks. */
export function formatMasks(masks: LabeledEvaluation['masks']): readonly string[] {
  if (masks === null) return [];
  const { segmenter, figures, leftOut } = masks;
  return [
    `masks by ${segmenter}, ${leftOut.length} records left out`,
    ...formatLeftOut(leftOut),
    ...figures.map(
      ({ prompt, masks: count, dice, iou }) =>
        `  ${prompt === null ? 'all' : `“${prompt}”`} (${count} masks): Dice ${estimate(dice)}, IoU ${estimate(iou)}`,
    ),
  ];
}

function formatDifferences({ model, against }: LabeledEvaluation): readonly string[] {
  if (against === null) return [];
  return [
    `${model} less ${against.evaluation.model}, on the same records:`,
    ...against.differences.map(({ measure, queries, difference, pValue }) => {
      const sign = difference.mean < 0 ? '' : '+';
      return `  ${measureNames[measure]} (${queries}): ${sign}${estimate(difference)}, p ${pValue.toFixed(4)}`;
    }),
  ];
}

/** “84.0 % [80.1, 87.2]”, with the 95 % interval. */
export function estimate(made: Estimate | null): string {
  if (made === null) return '-';
  return `${percent(made.mean)} [${(100 * made.low).toFixed(1)}, ${(100 * made.high).toFixed(1)}]`;
}

/** The first reasons, and how many more there are. */
export function formatLeftOut(leftOut: Evaluation['leftOut']): readonly string[] {
  const lines = leftOut
    .slice(0, reasonsShown)
    .map(({ sourceKey, message }) => `  ${sourceKey}: ${message.replaceAll(/\s*\n\s*/g, ' ')}`);
  const more = leftOut.length - reasonsShown;
  return more > 0 ? [...lines, `  … and ${more} more; --json tells them all`] : lines;
}

export function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
