import type { LabeledEvaluation } from '../../app/evaluate-file.js';
import type { MaskEvaluation } from '../../app/evaluate-masks.js';
import type { LeftOut } from '../../evaluation/embed-records.js';
import { chanceWithin } from '../../evaluation/retrieval-metrics.js';
import type { Estimate } from '../../evaluation/statistics.js';
import type { ZeroShotFigures } from '../../evaluation/zero-shot.js';
import { intervalPlot } from './interval-plot.js';
import { html, type Markup } from './markup.js';
import { bare, intervalOf, percent } from './numbers.js';
import { plainTable } from './plain-table.js';

const recallNames = ['recallAt1', 'recallAt5', 'recallAt10', 'recallAt50'] as const;
const reasonsShown = 30;

/** Both directions of retrieval; nothing for a set without captions. */
export function captionSection({
  captionToImage,
  imageToCaption,
}: Pick<LabeledEvaluation, 'captionToImage' | 'imageToCaption'>): Markup {
  const directions = [
    ['caption → image', captionToImage],
    ['image → caption', imageToCaption],
  ] as const;
  if (captionToImage.queries === 0) return html``;
  const depths = [1, 5, 10, 50];
  return html`<h2>Captions and images</h2>
    ${intervalPlot({
      id: 'captions',
      title: 'Share of captions and images that find each other',
      axis: 'found among the first k, with the 95 % interval',
      series: directions.map(([name]) => ({ name })),
      rows: depths.map((k, i) => ({
        name: k === 1 ? 'found first' : `in the first ${k}`,
        estimates: directions.map(([, { intervals }]) => intervals[recallNames[i] ?? 'recallAt1']),
        chance: chanceWithin(k, 1, captionToImage.queries),
      })),
    })}
    ${plainTable(
      'Captions and images: all measures',
      ['direction', 'found first', 'in first 5', 'in first 10', 'in first 50', 'MRR', 'median rank', 'asked'],
      directions.map(([name, { intervals, medianRank, queries }]) => [
        name,
        ...recallNames.map((recall) => estimateCell(intervals[recall])),
        estimateCell(intervals.meanReciprocalRank),
        medianRank ?? '–',
        queries,
      ]),
    )}`;
}

/** @param task its name, where a set has more than one */
export function zeroShotSection(zeroShot: ZeroShotFigures | null, task = ''): Markup {
  if (zeroShot === null) return html``;
  const { accuracy, labels, balancedAccuracy, majorityChance } = zeroShot;
  return html`<h2>Zero-shot classification${task}</h2>
    <p>
      Each image gets the label whose texts are nearest to it: ${percent(accuracy.mean)} are right
      (${intervalOf(accuracy)}). Where each label counts as much, ${percent(balancedAccuracy)} are right (balanced
      accuracy); by always naming the most frequent label, ${percent(majorityChance)} of all images.
    </p>
    ${plainTable(
      `Zero-shot classification by label${task}`,
      ['label', 'images', 'named rightly'],
      labels.map(({ label, images, accuracy }) => [label, images, percent(accuracy)]),
    )}`;
}

/** Masks by prompt; nothing for a set without masks. */
export function maskSection(masks: MaskEvaluation | null): Markup {
  if (masks === null || masks.figures.length === 0) return html``;
  return html`<h2>Masks</h2>
    <p>Drawn by the segmenter “${masks.segmenter}”, each object asked for by its name.</p>
    ${intervalPlot({
      id: 'masks',
      title: 'How well the masks cover the true ones',
      axis: 'overlap, with the 95 % interval',
      series: [{ name: 'Dice' }, { name: 'IoU' }],
      rows: masks.figures.map(({ prompt, masks: count, dice, iou }) => ({
        name: `${prompt ?? 'all'} (${count})`,
        estimates: [dice, iou],
        chance: null,
      })),
    })}`;
}

/** What could not be read, with the reasons. */
export function leftOutSection(all: readonly LeftOut[]): Markup {
  if (all.length === 0) return html``;
  return html`<h2>What was left out</h2>
    <ul>
      ${all.slice(0, reasonsShown).map(({ sourceKey, message }) => html`<li>${sourceKey}: ${message}</li>`)}
    </ul>
    <p>${all.length} in all.</p>`;
}

/** A share with its interval below it. */
export function estimateCell(estimate: Estimate | null): Markup {
  if (estimate === null) return html`–`;
  const { mean, low, high } = estimate;
  return html`${percent(mean)}<small>${bare(low)} to ${bare(high)}</small>`;
}
