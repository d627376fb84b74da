import { describe, expect, it } from '@jest/globals';
import { mayBeMisspelled, rankCorrections } from './misspelling.js';

describe('corrections of a misspelled word', () => {
  it('are words with at most one letter wrong, two in a long word; the nearest first, then the more frequent one', () => {
    const words = [
      { word: 'long', panels: 90 },
      { word: 'lungs', panels: 7 },
      { word: 'gang', panels: 500 },
      { word: 'bung', panels: 100 },
    ];
    expect(rankCorrections('lung', words).map(({ word }) => word)).toEqual(['long', 'lungs', 'bung']);
    const long = [
      { word: 'microscopy', panels: 1 },
      { word: 'microscopic', panels: 10 },
      { word: 'macroscopic', panels: 50 },
    ];
    expect(rankCorrections('Microscpic', long).map(({ word }) => word)).toEqual(['microscopic', 'macroscopic']);
  });

  it('are looked for only for words of at least four letters that are no abbreviation', () => {
    expect(['microscpy', 'lnug', 'Überscht', 'ünder'].every(mayBeMisspelled)).toBe(true);
    expect(['GFAP', 'IL-6', 'p53x', 'cat', ''].some(mayBeMisspelled)).toBe(false);
  });
});
