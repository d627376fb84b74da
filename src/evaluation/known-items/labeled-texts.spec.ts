import { describe, expect, it } from '@jest/globals';
import { recordSchema } from '../../domain/figure-record.js';
import { labeledTexts } from './labeled-texts.js';

describe('texts of a labeled set', () => {
  const records = [
    recordSchema.parse({ id: 'a', image: 'a.png', caption: 'A lung.', alt: 'Two gray wings', labels: ['CT', 'lung'] }),
    recordSchema.parse({ id: 'b', image: 'b.png', caption: ' ', alt: 'x'.repeat(5000), labels: ['CT'] }),
    recordSchema.parse({ id: 'c', image: 'c.png' }),
  ];
  const named = (withheld: readonly string[], queries: Parameters<typeof labeledTexts>[2] = []) =>
    Object.fromEntries(labeledTexts(records, withheld, queries).map(({ name, judgments }) => [name, judgments]));

  it('are what was not stored of each record', () => {
    expect(named(['alt', 'caption'])).toEqual({
      descriptions: [
        { text: 'Two gray wings', relevant: ['a'] },
        { text: 'x'.repeat(4000), relevant: ['b'] },
      ],
      captions: [{ text: 'A lung.', relevant: ['a'] }],
      labels: [],
    });
    expect(named([])).toEqual({ descriptions: [], captions: [], labels: [] });
  });

  it('are texts that name a label, where a record has it', () => {
    const queries = [
      { text: 'computed tomography', label: 'CT' },
      { text: 'magnetic resonance', label: 'MRI' },
    ];
    expect(named(['labels'], queries)['labels']).toEqual([{ text: 'computed tomography', relevant: ['a', 'b'] }]);
  });
});
