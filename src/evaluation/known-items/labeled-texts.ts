import type { IngestRecord } from '../../domain/figure-record.js';
import type { LabelQuery } from '../evaluate.js';
import type { JudgedTexts } from './judgments.js';

/** As long as a query may be, with room to spare. */
const longest = 4000;

/**
 * Texts that a labeled set judges: descriptions and captions that were not stored find their figures, and texts that name a label the
 * figures that have it.
 * @param withheld fields of the records that were not stored
 */
export function labeledTexts(
  records: readonly IngestRecord[],
  withheld: readonly string[],
  queries: readonly LabelQuery[],
): readonly JudgedTexts[] {
  const byField = (field: 'alt' | 'caption') =>
    !withheld.includes(field)
      ? []
      : records.flatMap(({ id, [field]: text }) =>
          text == null || text.trim() === '' ? [] : [{ text: text.slice(0, longest), relevant: [id] }],
        );
  const byLabel = queries.flatMap(({ text, label }) => {
    const relevant = records.filter(({ labels }) => (labels ?? []).includes(label)).map(({ id }) => id);
    return relevant.length === 0 ? [] : [{ text, relevant }];
  });
  return [
    {
      ...{ name: 'descriptions', title: 'A description', judgments: byField('alt') },
      explanation: 'What the source says of a figure for readers who cannot see it (alt), which was not stored.',
    },
    {
      ...{ name: 'captions', title: 'A caption', judgments: byField('caption') },
      explanation: 'The caption of a figure, which was not stored.',
    },
    {
      ...{ name: 'labels', title: 'The name of a label', judgments: byLabel },
      explanation: 'A text that names a label; all figures with the label are right.',
    },
  ];
}
