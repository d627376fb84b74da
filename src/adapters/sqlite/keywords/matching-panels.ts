import { FigureSet } from '../../../domain/figure-scope.js';
import type { PanelDirectory } from '../../../ports/panel-directory.js';
import { BestPanels, type ScoredPanels } from './best-panels.js';
import { computeIdf, k1, lengthNorm, type IndexTotals, type Postings } from './postings.js';

/** So many are kept at first: most questions for more of an answer ask for no more. */
const keptAtFirst = 256;
/** No more are ever kept: an answer to its end can hold every panel of the corpus, and is summed up each time. */
const maxKept = 1000;

/** Postings of panels that are there, with the figures of these. */
export interface CurrentPostings extends Postings {
  readonly figures: FigureSet;
  /** Panels whose numbers are held a second time, since some of the postings were left out. */
  readonly copied: number;
}

/** One part of an expression: its postings, as far as they still hold, and those of panels that were indexed since. */
export interface Alternative {
  readonly kept: CurrentPostings;
  readonly recent: CurrentPostings | null;
}

/** Which panels an answer may hold. */
export interface Wanted {
  readonly directory: Pick<PanelDirectory, 'figureOf'>;
  /** Null: every figure is allowed. */
  readonly figures: FigureSet | null;
}

/** The panels that match an expression. */
export interface MatchingPanels {
  /** Figures that they are parts of. */
  readonly figures: number;
  /** Panels whose numbers are held for it beside the postings that all searches share. */
  readonly held: number;
  /** The best of them, best first; of equal ones those with the lower number. */
  best(k: number): ScoredPanels;
  /** 0 where a panel does not match. */
  scoreOf(panel: number): number;
}

/** Of words that nothing can match. */
export const noMatches: MatchingPanels = {
  figures: 0,
  held: 0,
  best: () => ({ panels: new Uint32Array(0), scores: new Float64Array(0) }),
  scoreOf: () => 0,
};

/** Postings with what their scores take from the whole index. */
interface WeightedPostings extends Postings {
  /** The score of a panel approaches it as the frequency grows. */
  readonly weight: number;
  /** What a frequency is compared with: `base`, and `perTerm` for each term of the panel. */
  readonly base: number;
  readonly perTerm: number;
}

/** BM25 summed over all parts of an expression, as FTS5 computes it. Only the best sums are kept; others follow from the postings. */
export class SummedMatches implements MatchingPanels {
  readonly figures: number;
  readonly held: number;
  private readonly parts: readonly WeightedPostings[];
  private kept: ScoredPanels;
  /** For how many `kept` was asked: there are no others where it holds fewer. */
  private depth = keptAtFirst;

  constructor(
    alternatives: readonly Alternative[],
    totals: IndexTotals,
    private readonly wanted: Wanted,
  ) {
    const base = lengthNorm(0, totals);
    const perTerm = lengthNorm(1, totals) - base;
    this.parts = alternatives.flatMap(({ kept, recent }) => {
      const weight = (k1 + 1) * computeIdf(totals.panels, kept.panels.length + (recent?.panels.length ?? 0));
      // Without the sets of figures: only their number is kept.
      return listed(kept, recent).map(({ panels, frequencies, lengths }) => ({
        ...{ panels, frequencies, lengths, weight, base, perTerm },
      }));
    });
    const all = alternatives.flatMap(({ kept, recent }) => listed(kept, recent));
    this.figures = FigureSet.countUnion(
      all.map(({ figures }) => figures),
      wanted.figures,
    );
    this.kept = sumUp(this.parts, wanted, keptAtFirst);
    const { length } = this.kept.panels;
    this.held = all.reduce((sum, { copied }) => sum + copied, length < keptAtFirst ? length : maxKept);
  }

  best(k: number): ScoredPanels {
    if (k > this.depth && this.kept.panels.length === this.depth) {
      const found = sumUp(this.parts, this.wanted, k);
      if (k <= maxKept) [this.kept, this.depth] = [found, k];
      return found;
    }
    const { panels, scores } = this.kept;
    return { panels: panels.subarray(0, k), scores: scores.subarray(0, k) };
  }

  scoreOf(panel: number): number {
    let score = 0;
    for (const part of this.parts) {
      const at = placeOf(panel, part.panels);
      if (at !== -1) score += scoreAt(part, at);
    }
    return score !== 0 && isAllowed(panel, this.wanted) ? score : 0;
  }
}

function listed(kept: CurrentPostings, recent: CurrentPostings | null): readonly CurrentPostings[] {
  return recent === null ? [kept] : [kept, recent];
}

/** Panels with scores that were computed elsewhere. */
export class ListedMatches implements MatchingPanels {
  readonly figures: number;
  private readonly panels: Uint32Array;
  private readonly scores: Float64Array;

  /** @param panels ascending */
  constructor(panels: readonly number[], scores: readonly number[], wanted: Wanted) {
    const rows = [...panels.keys()].filter((row) => isAllowed(panels[row] ?? 0, wanted));
    this.panels = Uint32Array.from(rows, (row) => panels[row] ?? 0);
    this.scores = Float64Array.from(rows, (row) => scores[row] ?? 0);
    this.figures = new Set(rows.map((row) => wanted.directory.figureOf(panels[row] ?? 0))).size;
  }

  get held(): number {
    return this.panels.length;
  }

  best(k: number): ScoredPanels {
    const best = new BestPanels(k);
    for (let at = 0; at < this.panels.length; at++) best.offer(this.panels[at] ?? 0, this.scores[at] ?? 0);
    return best.take();
  }

  scoreOf(panel: number): number {
    const at = placeOf(panel, this.panels);
    return at === -1 ? 0 : (this.scores[at] ?? 0);
  }
}

// All numbers are zero between two uses. New arrays of millions of numbers at each search would cost more than the search.
let sums = new Float64Array(0);

/** In one go: all searches write into the same memory. */
function sumUp(parts: readonly WeightedPostings[], wanted: Wanted, k: number): ScoredPanels {
  const last = parts.reduce((greatest, { panels }) => Math.max(greatest, panels.at(-1) ?? 0), 0);
  if (last >= sums.length) sums = new Float64Array(Math.ceil(1.5 * (last + 1)));
  for (const part of parts) {
    for (let at = 0; at < part.panels.length; at++) {
      const panel = part.panels[at] ?? 0;
      sums[panel] = (sums[panel] ?? 0) + scoreAt(part, at);
    }
  }
  const matches = parts.reduce((sum, { panels }) => sum + panels.length, 0);
  const best = new BestPanels(Math.min(k, matches));
  for (const { panels } of parts) {
    for (let at = 0; at < panels.length; at++) {
      const panel = panels[at] ?? 0;
      const sum = sums[panel] ?? 0;
      // It stood in an earlier part.
      if (sum === 0) continue;
      sums[panel] = 0;
      // Few sums are good enough for a look at their figures.
      if (best.isGood(panel, sum) && isAllowed(panel, wanted)) best.offer(panel, sum);
    }
  }
  return best.take();
}

/** For all panels as for one alone, so that a score is the same to its last digit. */
function scoreAt({ frequencies, lengths, weight, base, perTerm }: WeightedPostings, at: number): number {
  const frequency = frequencies[at] ?? 0;
  return (weight * frequency) / (frequency + base + perTerm * (lengths[at] ?? 0));
}

function isAllowed(panel: number, { directory, figures }: Wanted): boolean {
  const figure = directory.figureOf(panel);
  return figure !== 0 && (figures === null || figures.has(figure));
}

/** @param panels ascending @returns -1 where it is not among them */
function placeOf(panel: number, panels: Uint32Array): number {
  let [low, high] = [0, panels.length - 1];
  while (low <= high) {
    const middle = (low + high) >>> 1;
    const found = panels[middle] ?? 0;
    if (found === panel) return middle;
    if (found < panel) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}

/** @param figureOf 0 for a panel that is not wanted */
export function currentPostings(postings: Postings, figureOf: (panel: number) => number): CurrentPostings {
  const { length } = postings.panels;
  const figures = new Uint32Array(length);
  let count = 0;
  for (let at = 0; at < length; at++) {
    const figure = figureOf(postings.panels[at] ?? 0);
    figures[at] = figure;
    if (figure !== 0) count += 1;
  }
  // Most often nothing has gone.
  if (count === length) return { ...postings, figures: FigureSet.of(figures), copied: 0 };
  const isWanted = (_: number, at: number): boolean => figures[at] !== 0;
  return {
    panels: postings.panels.filter(isWanted),
    frequencies: postings.frequencies.filter(isWanted),
    lengths: postings.lengths.filter(isWanted),
    figures: FigureSet.of(figures.filter(isWanted)),
    copied: count,
  };
}
