import { describe, expect, it } from '@jest/globals';
import { figureIdOf, panelIdOf } from '../domain/ids.js';
import { drawnFigure } from '../../test/support/drawn-figures.js';
import { payloadOf } from '../../test/support/figure-payload.js';
import { MemoryKeywordIndex } from '../../test/support/memory-keyword-index.js';
import { MemoryCorpus } from '../../test/support/memory-corpus.js';
import type { Term } from './search-request.js';
import { Spelling } from './spelling.js';

const captions = [
  'Fluorescence microscopy of the lung',
  'Light microscopy of a kidney biopsy',
  'Electron microscope image',
  'A lung nodule',
  'Western blot',
];

function openSpelling(): Spelling {
  const keywords = new MemoryKeywordIndex();
  for (const [at, caption] of captions.entries()) {
    const figureId = figureIdOf(`figure-${at}`);
    const panel = { panelId: panelIdOf(figureId, 0), figureId, imageKey: `image-${at}` };
    keywords.add(panel, caption, payloadOf(drawnFigure(at)));
  }
  return new Spelling(keywords);
}

const text = (words: string, weight = 1): Term => ({ kind: 'text', text: words, weight });

describe('Spelling', () => {
  it.each([
    ['microscpy', 'microscopy'],
    ['Microscpoy of the lnug', 'microscopy of the lung'],
    ['kidney biospy NOT lung', 'kidney biopsy NOT lung'],
    ['caption:microscpy', 'caption:microscopy'],
  ])('of “%s” suggests “%s”', async (typed, suggested) => {
    const asOf = await new MemoryCorpus().filters.corpus();
    expect(await openSpelling().suggest([text(typed)], asOf)).toBe(suggested);
  });

  it.each(['lung microscopy', 'zebrafish', 'BLOTT', 'IL-6', '"microscpy"', 'microsc*', 'lun', ''])(
    'of “%s” suggests nothing',
    async (typed) => {
      const asOf = await new MemoryCorpus().filters.corpus();
      expect(await openSpelling().suggest([text(typed)], asOf)).toBeNull();
    },
  );

  it('suggests nothing for several texts, and ignores what is pushed away', async () => {
    const asOf = await new MemoryCorpus().filters.corpus();
    expect(await openSpelling().suggest([text('microscpy'), text('lnug')], asOf)).toBeNull();
    expect(await openSpelling().suggest([text('microscpy'), text('lnug', -1)], asOf)).toBe('microscopy');
  });
});
