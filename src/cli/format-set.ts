import type { SetEvaluation } from '../app/evaluate-set.js';
import type { ComparedMeasure } from '../evaluation/public-sets/compare-published.js';
import type { PublishedValue } from '../evaluation/public-sets/published-values.js';
import { estimate, formatLeftOut, formatMasks, formatRetrieval, formatZeroShot, percent } from './format-evaluation.js';

/** An evaluation of a public set for a person: what was measured, then the published values beside it. */
export function formatSet(evaluation: SetEvaluation): readonly string[] {
  const { set, model, layout, split, total, records, leftOut, compared } = evaluation;
  const part = split === null ? '' : `, split: ${split}`;
  return [
    `${model} on ${records} of ${total} records of ${set} (${layout}${part}), ${leftOut.length} left out`,
    ...(evaluation.masks === null ? formatLeftOut(leftOut) : []),
    ...formatPairs(evaluation),
    ...evaluation.zeroShot.flatMap(({ task, measures }) => formatZeroShot(measures, task === null ? '' : `, ${task}`)),
    ...formatMasks(evaluation.masks),
    'measured and published:',
    ...compared.flatMap(formatCompared),
    ...evaluation.remarks.map((remark) => `note: ${remark}`),
  ];
}

function formatPairs({ captionToImage, imageToCaption }: SetEvaluation): readonly string[] {
  if (captionToImage === null || imageToCaption === null) return [];
  return [formatRetrieval('caption → image', captionToImage), formatRetrieval('image → caption', imageToCaption)];
}

function formatCompared({ measure, measured, count, published }: ComparedMeasure): readonly string[] {
  const own = `  ${measure}: measured ${estimate(measured)} on ${count}`;
  if (published.length === 0) return [`${own}; no published value`];
  return published.map(
    (value) =>
      `${own}; published ${publishedShare(value)} on ${value.count}, ${value.on}: ${value.model} (${value.source})`,
  );
}

/** “73.4 %”, or “over 56.0 %” where the text gives no more. */
export function publishedShare({ value, bound }: Pick<PublishedValue, 'value' | 'bound'>): string {
  return `${bound === 'above' ? 'over ' : ''}${percent(value)}`;
}
