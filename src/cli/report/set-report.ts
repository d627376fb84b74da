import type { SetEvaluation } from '../../app/evaluate-set.js';
import type { ComparedMeasure } from '../../evaluation/public-sets/compare-published.js';
import { publishedShare } from '../format-set.js';
import type { ReportFacts } from './known-item-report.js';
import { html, type Markup } from './markup.js';
import { captionSection, estimateCell, leftOutSection, maskSection, zeroShotSection } from './measure-sections.js';
import { plainTable } from './plain-table.js';
import { reportPage } from './report-page.js';

/** An evaluation of a public set as one HTML file that needs nothing else: measured beside published values first. */
export function setReport(evaluation: SetEvaluation, facts: ReportFacts): string {
  const { set, model, records, total, layout, split, captionToImage, imageToCaption, remarks } = evaluation;
  const part = split === null ? '' : `, split “${split}”`;
  return reportPage({
    title: `“${model}” on ${set}`,
    lead: `${records} of ${total} records of the public set ${set} (${layout}${part}) were measured as its paper does. What is published stands beside what was measured, with the model that it belongs to.`,
    sections: [
      comparedSection(evaluation.compared),
      html`<h2>Before you compare</h2>
        <ul>
          ${remarks.map((remark) => html`<li>${remark}</li>`)}
        </ul>`,
      captionToImage === null || imageToCaption === null ? html`` : captionSection({ captionToImage, imageToCaption }),
      ...evaluation.zeroShot.map(({ task, measures }) => zeroShotSection(measures, task === null ? '' : `, ${task}`)),
      maskSection(evaluation.masks),
      leftOutSection(evaluation.leftOut),
    ],
    ...facts,
  });
}

function comparedSection(compared: readonly ComparedMeasure[]): Markup {
  return html`<h2>Measured and published</h2>
    ${plainTable(
      'Measured values with their 95 % interval, beside published ones',
      ['measure', 'measured', 'on', 'published', 'on', 'of the model', 'source'],
      compared.flatMap(rowsOf),
    )}`;
}

function rowsOf({
  measure,
  measured,
  count,
  published,
}: ComparedMeasure): readonly (readonly (string | number | Markup)[])[] {
  const own = [measure, estimateCell(measured), count];
  if (published.length === 0) return [[...own, '–', '–', '–', 'no published value']];
  return published.map((value) => [
    ...[...own, publishedShare(value), `${value.count}, ${value.on}`],
    ...[value.model, value.source],
  ]);
}
