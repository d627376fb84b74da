import { expect, it } from '@jest/globals';
import { findPanels } from '../../src/imaging/panels/find-panels.js';
import { sampleCorpus } from '../../src/samples/corpus.js';
import { drawCompound } from '../../src/samples/panels.js';
import { Random } from '../../src/samples/random.js';
import { overlapOf } from '../support/box-overlap.js';

const letterOf = (at: number): string => String.fromCharCode(65 + at);

it('finds the panels of drawn figures at IoU 0.75 with a precision and a recall of .90, with their letters', () => {
  const single = sampleCorpus({ seed: 7100, count: 110 }).filter(({ labels }) => labels[0] !== 'multi-panel figure');
  const counts = { panels: 0, answered: 0, found: 0, letters: 0 };
  for (let figure = 0, from = 0; figure < 30; figure++) {
    const size = 2 + (figure % 3);
    const own = single.slice(from, from + size).map(({ draw }) => draw());
    from += size;
    const { canvas, boxes } = drawCompound(new Random(`drawn ${figure}`), own);
    const caption = boxes.map((_, at) => `(${letterOf(at)}) Panel number ${at}.`).join(' ');
    const { panels } = findPanels(canvas.toImage(), caption);
    counts.panels += boxes.length;
    counts.answered += panels.length;
    for (const [at, box] of boxes.entries()) {
      const match = panels.find((panel) => overlapOf(panel.box, box) >= 0.75);
      counts.found += Number(match !== undefined);
      counts.letters += Number(match?.label === letterOf(at));
    }
  }
  expect(counts.panels).toBe(90);
  expect(counts.found / counts.answered).toBeGreaterThanOrEqual(0.9);
  expect(counts.found / counts.panels).toBeGreaterThanOrEqual(0.9);
  expect(counts.letters / counts.found).toBeGreaterThanOrEqual(0.95);
});
