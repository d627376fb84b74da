import type { ClassMeasures } from '../../evaluation/known-items/evaluate-corpus.js';
import { depth, type ChanceMeasures, type WayMeasures } from '../../evaluation/known-items/way-measures.js';
import type { Estimate } from '../../evaluation/statistics.js';
import { wayNames } from '../way-names.js';
import { html, type Markup } from './markup.js';
import { bare, percent } from './numbers.js';
import { scrollingTable } from './plain-table.js';

const headings = [
  ['found first', 'the first hit is a right figure (R@1)'],
  ['in first 5', 'a right figure is among the first 5 hits (R@5)'],
  ['in first 10', 'a right figure is among the first 10 hits (R@10)'],
  ['in first 50', 'a right figure is among the first 50 hits (R@50)'],
  ['MRR', 'mean reciprocal rank: 1 where the first hit is right, 1/2 where the second is, and so on'],
  ['R-precision', 'share of right figures among as many hits as there are right figures'],
  ['median rank', 'rank of the first right figure for the question in the middle'],
] as const;

/** All measures of some classes: a group of rows a class, a row a way, with intervals. */
export function measureTable(title: string, classes: readonly ClassMeasures[]): Markup {
  const head = headings.map(([name, meaning]) => html`<th scope="col" title="${meaning}">${name}</th>`);
  return scrollingTable(title, [html`<th scope="col">question and channel</th>`, ...head], classes.map(classRows));
}

function classRows({ kind, title, explanation, queries, ways, chance }: ClassMeasures): Markup {
  return html`<tbody>
    <tr>
      <th scope="rowgroup" colspan="8">${title} <small>${queries} questions. ${explanation}</small></th>
    </tr>
    ${ways.map((way) => wayRow(way, kind === 'image' ? wayNames.IMAGE : wayNames[way.way]))} ${chanceRow(chance)}
  </tbody>`;
}

function wayRow(measures: WayMeasures, name: string): Markup {
  const { recallAt1, recallAt5, recallAt10, recallAt50, meanReciprocalRank, rPrecision, medianRank } = measures;
  return html`<tr>
    <th scope="row">${name}</th>
    ${[recallAt1, recallAt5, recallAt10, recallAt50].map((estimate) => shareCell(estimate))}
    ${decimalCell(meanReciprocalRank)} ${shareCell(rPrecision)}
    <td>${medianRank ?? `over ${depth}`}</td>
  </tr>`;
}

function chanceRow(chance: ChanceMeasures): Markup {
  const { recallAt1, recallAt5, recallAt10, recallAt50, meanReciprocalRank, rPrecision } = chance;
  return html`<tr>
    <th scope="row">a random order</th>
    ${[recallAt1, recallAt5, recallAt10, recallAt50].map((share) => html`<td>${percent(share)}</td>`)}
    <td>${meanReciprocalRank.toFixed(3)}</td>
    <td>${percent(rPrecision)}</td>
    <td>–</td>
  </tr>`;
}

function shareCell({ mean, low, high }: Estimate): Markup {
  return html`<td>${percent(mean)}<small>${bare(low)} to ${bare(high)}</small></td>`;
}

function decimalCell({ mean, low, high }: Estimate): Markup {
  return html`<td>${mean.toFixed(3)}<small>${low.toFixed(3)} to ${high.toFixed(3)}</small></td>`;
}
