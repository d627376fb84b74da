import { describe, expect, it } from '@jest/globals';
import { captionParts } from './caption-parts.js';

const read = (caption: string): readonly string[] =>
  captionParts(caption).map(({ label, text }) => `${label}: ${text}`);

describe('captionParts', () => {
  it.each([
    [
      'Two views. (A) From above. (B) From below, as in (A). Scale bar, 5 µm.',
      ['A: From above.', 'B: From below, as in (A).'],
    ],
    ['A, western blot. B, its quantification.', ['A: western blot.', 'B: its quantification.']],
    ['A. Mice at rest. B. Mice that run.', ['A: Mice at rest.', 'B: Mice that run.']],
    ['a) Day 1. b) Day 2.', ['a: Day 1.', 'b: Day 2.']],
    [
      'It consists of (a) tubules, (b) filaments, and (c) fibers. It gives cells their form.',
      ['a: tubules', 'b: filaments', 'c: fibers.'],
    ],
    ['Red cells (a) and platelets (b).', ['a: Red cells', 'b: platelets']],
    ['(A–C) Controls. (D, E) Treated.', ['A: Controls.', 'B: Controls.', 'C: Controls.', 'D: Treated.', 'E: Treated.']],
    ['(A, C) Rats and (B, D) mice.', ['A: Rats', 'C: Rats', 'B: mice.', 'D: mice.']],
    ['(a) and (b) Cells. (c) Tissue.', ['a: Cells.', 'b: Cells.', 'c: Tissue.']],
    ['(A) Cells (i) alive and (ii) dead. (B) Tissue.', ['A: Cells (i) alive and (ii) dead.', 'B: Tissue.']],
    ['(E) is missing. (A) One. (B) Two.', ['A: One.', 'B: Two.']],
    ['(A–C) Traces. (B) In mice. (C) In rats.', ['A: Traces.', 'B: Traces. In mice.', 'C: Traces. In rats.']],
    ['Left: before. Right: after.', ['left: before.', 'right: after.']],
    ['Upper panel, sections. Lower panel, cells.', ['upper: sections.', 'lower: cells.']],
    ['Cells of (A) alone.', []],
    ['Growth of E. coli and B. subtilis at 37 °C.', []],
    ['(A) (B) Nothing is said of one.', ['A: Nothing is said of one.', 'B: Nothing is said of one.']],
    ['(B) Two. (C) Three.', []],
    ['(A) . (B) Only the second is told of.', []],
    ['', []],
  ])('reads %s', (caption, parts) => {
    expect(read(caption)).toEqual(parts);
  });

  it('tells which letters share a text', () => {
    expect(captionParts('(A–B) Cells. (C) Tissue.').map(({ group }) => group.join(''))).toEqual(['AB', 'AB', 'C']);
  });

  it('takes a caption of any form in little time', () => {
    for (const text of ['(A)'.repeat(20_000), '(a, '.repeat(20_000), 'A, '.repeat(20_000), '(a–z) '.repeat(5000)]) {
      expect(captionParts(text)).toEqual(expect.any(Array));
    }
  });
});
