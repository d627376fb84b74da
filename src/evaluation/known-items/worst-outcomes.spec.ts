import { describe, expect, it } from '@jest/globals';
import { figureIdOf } from '../../domain/ids.js';
import type { QueryOutcome } from './evaluate-corpus.js';
import { worstOutcomes } from './worst-outcomes.js';

function outcome(name: QueryOutcome['class'], asked: string, rank: number | null): QueryOutcome {
  return { class: name, asked, figureId: figureIdOf(asked), wanted: 1, ranks: { FUSED: rank }, first: null };
}

describe('the worst failures', () => {
  it('are what was not found, then what came last; what came first is none', () => {
    const worst = worstOutcomes(
      [outcome('phrases', 'a', 1), outcome('phrases', 'b', 7), outcome('dois', 'c', null), outcome('dois', 'd', 90)],
      3,
    );
    expect(worst.map(({ asked }) => asked)).toEqual(['c', 'd', 'b']);
  });

  it('are three of a class at most, and texts apart from images', () => {
    const words = [9, 8, 7, 6].map((rank) => outcome('rare-words', `word ${rank}`, rank));
    const copies = [200, 100].map((rank) => outcome('copy: mirrored', `copy ${rank}`, rank));
    const worst = worstOutcomes([...copies, ...words, outcome('phrases', 'phrase', 2)], 4);
    expect(worst.map(({ asked }) => asked)).toEqual(['word 9', 'word 8', 'word 7', 'phrase', 'copy 200', 'copy 100']);
  });
});
