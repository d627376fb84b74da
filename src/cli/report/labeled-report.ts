import type { LabeledEvaluation } from '../../app/evaluate-file.js';
import type { ShownFailure } from '../../app/shown-figure.js';
import type { RetrievalFigures } from '../../evaluation/caption-pairs.js';
import { chanceWithin } from '../../evaluation/retrieval-metrics.js';
import type { Estimate } from '../../evaluation/statistics.js';
import { measureNames } from '../measure-names.js';
import { failureSection } from './failure-cards.js';
import { intervalPlot } from './interval-plot.js';
import type { ReportFacts } from './known-item-report.js';
import { html, type Markup } from './markup.js';
import { bare, intervalOf, percent, pValueOf } from './numbers.js';
import { plainTable } from './plain-table.js';
import { definitions, keyAnswers, reportPage, type KeyAnswer } from './report-page.js';

const labelsShown = 30;
const recallNames = ['recallAt1', 'recallAt5', 'recallAt10', 'recallAt50'] as const;

/** An evaluation of a labeled set as one HTML file that needs nothing else. */
export function labeledReport(
  evaluation: LabeledEvaluation,
  failures: readonly ShownFailure[],
  facts: ReportFacts,
): string {
  const { model, records, panels, split } = evaluation;
  const part = split === 'all' ? '' : ` (the split “${split}”)`;
  return reportPage({
    title: `How well does the model “${model}” know these figures?`,
    lead:
      `${records} labeled figures${panels === records ? '' : ` with ${panels} panels`}${part} were compared with each other by their meaning alone, every one with every other. ` +
      'The set says what is right: which caption belongs to which image, what each image shows, and where.',
    sections: [
      keyAnswers(answersOf(evaluation)),
      howToRead(),
      captionSection(evaluation),
      labelSection(evaluation),
      zeroShotSection(evaluation),
      maskSection(evaluation),
      differenceSection(evaluation),
      failureSection(failures),
      leftOutSection(evaluation),
    ],
    ...facts,
  });
}

function answersOf({ captionToImage, imageToCaption, labelNeighbors, zeroShot, masks }: LabeledEvaluation) {
  const pair = (heading: string, what: string, { intervals, queries, chanceAt10 }: RetrievalFigures) =>
    answer(
      heading,
      intervals.recallAt10,
      `of ${queries} ${what} among the first 10. In a random order: ${percent(chanceAt10)}.`,
    );
  const [all] = masks?.figures ?? [];
  return [
    ...pair('Caption → image', 'captions find their own image', captionToImage),
    ...pair('Image → caption', 'images find their own caption', imageToCaption),
    ...answer(
      'Labels of neighbors',
      labelNeighbors?.majorityVote ?? null,
      `of ${labelNeighbors?.images ?? 0} images have the label that most of their ten nearest images have. By always naming the most frequent label: ${percent(labelNeighbors?.majorityChance ?? 0)}.`,
    ),
    ...answer(
      'Zero-shot classification',
      zeroShot?.accuracy ?? null,
      `of ${zeroShot?.images ?? 0} images are named rightly by texts alone, without training. By guessing: ${percent(zeroShot?.chance ?? 0)}.`,
    ),
    ...answer(
      'Masks',
      all?.dice ?? null,
      `is the mean Dice coefficient of ${all?.masks ?? 0} masks with the true ones.`,
    ),
  ];
}

function answer(heading: string, estimate: Estimate | null, sentence: string): readonly KeyAnswer[] {
  if (estimate === null) return [];
  return [{ heading, number: percent(estimate.mean), interval: intervalOf(estimate), sentence }];
}

function howToRead(): Markup {
  return html`<h2>How to read this</h2>
    ${definitions([
      [
        'Found in the first 10',
        'The share of captions (or images) whose own image (or caption) is among the ten nearest ones (recall at 10). MRR is the mean of 1 / rank of the right one.',
      ],
      [
        '95 % interval',
        'How far the number may be from that of all figures of this kind, of which these are some (bootstrap, percentile method; figures of one group are drawn together). A point without a line means that all had the same result.',
      ],
      ['A random order', 'What somebody would reach who shows the images in a random order.'],
      [
        'Labels of neighbors',
        'Of the ten images that are nearest to an image, how many have its label (of as many as there are, where fewer than ten have it). Images of the same group (one patient, one article) are left out where the set names groups: they are too alike to test each other.',
      ],
      [
        'Dice, IoU',
        'How well a drawn mask covers the true one: twice the common area by the sum of both areas, and the common area by the area of both together. 100 % is a perfect mask.',
      ],
    ])}`;
}

function captionSection({ captionToImage, imageToCaption }: LabeledEvaluation): Markup {
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

function labelSection({ labelNeighbors, labels }: LabeledEvaluation): Markup {
  const rows = labelNeighbors?.labels.slice(0, labelsShown) ?? [];
  const queries =
    labels.length === 0
      ? html``
      : plainTable(
          'Texts that name a label: share of the first 10 images with the label',
          ['text', 'label', 'images with it', 'in first 10', 'a random order'],
          labels.map(({ query, label, relevant, precisionAt10, chance }) => [
            ...[`“${query}”`, label, relevant, percent(precisionAt10), percent(chance)],
          ]),
        );
  if (rows.length === 0) return queries;
  return html`<h2>Labels</h2>
    ${intervalPlot({
      id: 'labels',
      title: `Share of the ten nearest images with the same label${rows.length === labelsShown ? ` (the ${labelsShown} most frequent labels)` : ''}`,
      axis: 'share with the label, with the 95 % interval',
      series: [{ name: 'ten nearest images' }],
      rows: rows.map(({ label, images, precisionAt10, chance }) => ({
        name: `${label.length > 24 ? `${label.slice(0, 23)}…` : label} (${images})`,
        estimates: [precisionAt10],
        chance,
      })),
    })}
    ${queries}`;
}

function zeroShotSection({ zeroShot }: LabeledEvaluation): Markup {
  if (zeroShot === null) return html``;
  const { labels, balancedAccuracy, majorityChance } = zeroShot;
  return html`<h2>Zero-shot classification</h2>
    <p>
      Each image gets the label whose texts are nearest to it. Where each label counts as much,
      ${percent(balancedAccuracy)} are right (balanced accuracy); by always naming the most frequent label,
      ${percent(majorityChance)} of all images.
    </p>
    ${plainTable(
      'Zero-shot classification by label',
      ['label', 'images', 'named rightly'],
      labels.map(({ label, images, accuracy }) => [label, images, percent(accuracy)]),
    )}`;
}

function maskSection({ masks }: LabeledEvaluation): Markup {
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

function differenceSection({ model, against }: LabeledEvaluation): Markup {
  if (against === null) return html``;
  const other = against.evaluation.model;
  return html`<h2>Compared with “${other}”</h2>
    <p>
      The same questions were asked of both models. A difference above 0 means that “${model}” is better; where its
      interval holds 0, the two cannot be told apart on this set.
    </p>
    ${plainTable(
      `${model} less ${other}, in points of a hundred`,
      ['measure', 'questions', 'difference', '95 % interval', 'randomization test'],
      against.differences.map(({ measure, queries, difference: { mean, low, high }, pValue }) => [
        ...[measureNames[measure], queries, points(mean), `${points(low)} to ${points(high)}`, pValueOf(pValue)],
      ]),
    )}`;
}

function leftOutSection({ leftOut, masks }: LabeledEvaluation): Markup {
  const all = [...leftOut, ...(masks?.leftOut ?? [])];
  if (all.length === 0) return html``;
  return html`<h2>What was left out</h2>
    <ul>
      ${all.slice(0, labelsShown).map(({ sourceKey, message }) => html`<li>${sourceKey}: ${message}</li>`)}
    </ul>
    <p>${all.length} in all.</p>`;
}

function estimateCell(estimate: Estimate | null): Markup {
  if (estimate === null) return html`–`;
  const { mean, low, high } = estimate;
  return html`${percent(mean)}<small>${bare(low)} to ${bare(high)}</small>`;
}

function points(share: number): string {
  return `${share < 0 ? '−' : '+'}${bare(Math.abs(share))}`;
}
