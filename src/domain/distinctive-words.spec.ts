import { describe, expect, it } from '@jest/globals';
import { distinctiveWords, type WordCounts } from './distinctive-words.js';

const stemOf = (word: string): string => word.replace(/s$/, '');

/** @param size figures of the group */
function counts(size: number, figures: Readonly<Record<string, number>>): WordCounts {
  return {
    size,
    figures: new Map(Object.entries(figures)),
    total: Object.values(figures).reduce((sum, count) => sum + count, 0),
  };
}

describe('the words that tell a group from the rest', () => {
  const all = counts(1000, { cells: 400, stained: 420, kidney: 60, kidneys: 50, glomerulus: 55, lens: 3 });

  it('are more frequent in it than elsewhere; frequent words of all groups are none', () => {
    const group = counts(60, { cells: 24, stained: 25, kidney: 40, glomerulus: 52 });
    expect(distinctiveWords(group, all, 3, stemOf)).toEqual(['glomerulus', 'kidney']);
  });

  it('come once for each stem, the most telling form first, and no more than are asked for', () => {
    const group = counts(60, { kidney: 50, kidneys: 45, glomerulus: 20 });
    expect(distinctiveWords(group, all, 3, stemOf)).toEqual(['kidney', 'glomerulus']);
    expect(distinctiveWords(group, all, 1, stemOf)).toEqual(['kidney']);
  });

  it('stand in a tenth of its figures at least, and in two', () => {
    expect(distinctiveWords(counts(60, { lens: 3, kidney: 50 }), all, 3, stemOf)).toEqual(['kidney']);
    expect(distinctiveWords(counts(4, { lens: 1 }), all, 3, stemOf)).toEqual([]);
  });

  it('are none where the group is all there is', () => {
    expect(distinctiveWords(all, all, 3, stemOf)).toEqual([]);
  });
});
