import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { FigureSet } from '../../../domain/figure-scope.js';
import { currentPostings, SummedMatches, type Alternative } from './matching-panels.js';
import { computeIdf, k1, lengthNorm, type IndexTotals, type Postings } from './postings.js';

/** More than are kept of an answer. */
const panels = 2600;
const allowed = FigureSet.of(Array.from({ length: panels }, (_, figure) => figure).filter((figure) => figure % 3 > 0));

/** A place in the corpus for each panel: what it holds of a word is drawn from the numbers. */
interface Drawn {
  readonly seed: number;
  /** One in so many panels holds the word. */
  readonly oneIn: number;
  /** From this panel on they were indexed since. */
  readonly recentFrom: number;
}

const drawn: fc.Arbitrary<Drawn> = fc.record({
  seed: fc.nat(1000),
  oneIn: fc.constantFrom(1, 2, 3, 200, 5000),
  recentFrom: fc.constantFrom(0, 1300, panels),
});

const frequencyOf = ({ seed, oneIn }: Drawn, panel: number): number => {
  const value = (Math.imul(panel * 31 + seed * 7 + 1, 2_654_435_761) >>> 0) / 2 ** 32;
  return value < 1 / oneIn ? 0.5 + Math.floor(value * oneIn * 6) / 2 : 0;
};
const lengthOf = (panel: number): number => 5 + (panel % 40);

function postingsOf(word: Drawn, from: number, to: number): Postings {
  const found = Array.from({ length: to - from }, (_, at) => from + at).filter((panel) => frequencyOf(word, panel) > 0);
  return {
    panels: Uint32Array.from(found),
    frequencies: Float32Array.from(found, (panel) => frequencyOf(word, panel)),
    lengths: Uint32Array.from(found, lengthOf),
  };
}

/** Plain BM25 of each panel that holds any of the words. */
function scoresByPanel(words: readonly Drawn[], isThere: (panel: number) => boolean, totals: IndexTotals) {
  const scores = new Map<number, number>();
  const all = Array.from({ length: panels }, (_, panel) => panel).filter(isThere);
  for (const word of words) {
    const found = all.filter((panel) => frequencyOf(word, panel) > 0);
    for (const panel of found) {
      const frequency = frequencyOf(word, panel);
      const score =
        (computeIdf(totals.panels, found.length) * frequency * (k1 + 1)) /
        (frequency + lengthNorm(lengthOf(panel), totals));
      scores.set(panel, (scores.get(panel) ?? 0) + score);
    }
  }
  return scores;
}

describe('the panels that match some words', () => {
  it('have the scores of plain BM25, under a filter, with panels that came and went, however many are asked for', () => {
    fc.assert(
      fc.property(
        fc.array(drawn, { minLength: 1, maxLength: 3 }),
        fc.boolean(),
        fc.constantFrom(0, 2, 7),
        fc.array(fc.constantFrom(0, 1, 255, 256, 257, 999, 1000, 1001, 5000, 4_000_000_000), {
          minLength: 1,
          maxLength: 4,
        }),
        (words, isFiltered, removed, asked) => {
          // Two panels are parts of one figure. One in so many figures was deleted.
          const figureOf = (panel: number): number => {
            const figure = 1 + (panel >> 1);
            return removed > 0 && figure % removed === 0 ? 0 : figure;
          };
          const totals: IndexTotals = { panels: 3 * panels, meanLength: 20 };
          const alternatives = words.map((word): Alternative => ({
            kept: currentPostings(postingsOf(word, 0, word.recentFrom), figureOf),
            recent:
              word.recentFrom === panels ? null : currentPostings(postingsOf(word, word.recentFrom, panels), figureOf),
          }));
          const figures = isFiltered ? allowed : null;
          const matches = new SummedMatches(alternatives, totals, { directory: { figureOf }, figures });
          const isAllowed = (panel: number): boolean => figures?.has(figureOf(panel)) ?? true;
          const expected = [...scoresByPanel(words, (panel) => figureOf(panel) !== 0, totals)]
            .filter(([panel]) => isAllowed(panel))
            .sort(([one, a], [other, b]) => b - a || one - other);
          for (const k of asked) {
            const { panels: found, scores } = matches.best(k);
            const best = expected.slice(0, k);
            expect(found).toHaveLength(best.length);
            // Scores that differ in their last digit alone may stand in another order.
            best.forEach(([, score], at) => {
              expect(scores[at]).toBeCloseTo(score, 9);
            });
            found.forEach((panel, at) => {
              if (matches.scoreOf(panel) !== scores[at]) throw new Error(`Expected one score of panel ${panel}`);
            });
            expect(new Set(found).size).toBe(found.length);
          }
          expect(matches.figures).toBe(new Set(expected.map(([panel]) => figureOf(panel))).size);
          const byPanel = new Map(expected);
          for (let panel = 0; panel < panels; panel += 7) {
            expect(matches.scoreOf(panel)).toBeCloseTo(byPanel.get(panel) ?? 0, 9);
          }
          expect(matches.held).toBeLessThanOrEqual(1000 + 2 * panels * words.length);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('hold no numbers of their own beside the best, while nothing has gone', () => {
    const word = { seed: 1, oneIn: 1, recentFrom: panels };
    const totals: IndexTotals = { panels: 3 * panels, meanLength: 20 };
    const open = (figureOf: (panel: number) => number): SummedMatches =>
      new SummedMatches([{ kept: currentPostings(postingsOf(word, 0, panels), figureOf), recent: null }], totals, {
        ...{ directory: { figureOf }, figures: null },
      });
    const whole = open((panel) => panel + 1);
    whole.best(panels);
    expect(whole.held).toBe(1000);
    expect(open((panel) => panel).held).toBe(1000 + panels - 1);
  });
});
