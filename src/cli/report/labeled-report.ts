import type { LabeledEvaluation } from '../../app/evaluate-file.js';
import type { ShownFailure } from '../../app/shown-figure.js';
import type { RetrievalFigures } from '../../evaluation/caption-pairs.js';
import type { Estimate } from '../../evaluation/statistics.js';
import { measureNames } from '../measure-names.js';
import { failureSection } from './failure-cards.js';
import { intervalPlot } from './interval-plot.js';
import type { ReportFacts } from './known-item-report.js';
import { html, type Markup } from './markup.js';
import { captionSection, leftOutSection, maskSection, zeroShotSection } from './measure-sections.js';
import { bare, intervalOf, percent, pValueOf } from './numbers.js';
import { plainTable } from './plain-table.js';
import { definitions, keyAnswers, reportPage, type KeyAnswer } from './report-page.js';

const labelsShown = 30;

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
      zeroShotSection(evaluation.zeroShot),
      maskSection(evaluation.masks),
      differenceSection(evaluation),
      failureSection(failures),
      leftOutSection([...evaluation.leftOut, ...(evaluation.masks?.leftOut ?? [])]),
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

function points(share: number): string {
  return `${share < 0 ? '−' : '+'}${bare(Math.abs(share))}`;
}
