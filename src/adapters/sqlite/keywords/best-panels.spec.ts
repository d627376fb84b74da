import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { BestPanels } from './best-panels.js';

describe('the best panels', () => {
  it('are those that sorting all of them gives, in whatever order they are offered', () => {
    fc.assert(
      fc.property(
        // Few scores, so that many are equal.
        fc.uniqueArray(fc.nat(500), { maxLength: 200 }),
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 200, maxLength: 200 }),
        fc.integer({ min: 0, max: 60 }),
        (panels, drawn, k) => {
          const scoreOf = (at: number): number => (drawn[at] ?? 0) / 4;
          const best = new BestPanels(k);
          panels.forEach((panel, at) => {
            best.offer(panel, scoreOf(at));
          });
          const sorted = panels
            .map((panel, at) => ({ panel, score: scoreOf(at) }))
            .sort((a, b) => b.score - a.score || a.panel - b.panel)
            .slice(0, k);
          const { panels: kept, scores } = best.take();
          expect([...kept]).toEqual(sorted.map(({ panel }) => panel));
          expect([...scores]).toEqual(sorted.map(({ score }) => score));
        },
      ),
    );
  });
});
