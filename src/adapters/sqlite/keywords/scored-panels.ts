import type { FigureSet } from '../../../domain/figure-scope.js';
import type { PanelDirectory } from '../../../ports/panel-directory.js';
import { computeIdf, k1, lengthNorm, type IndexTotals, type Postings } from './postings.js';

/** Panels that match, each once, in no order. */
export interface ScoredPanels {
  readonly panels: Uint32Array;
  readonly scores: Float64Array;
  /** Figures that they are parts of. */
  readonly figures: number;
}

/** One part of an expression: its kept postings, and those of panels that were indexed since. */
export interface Alternative {
  readonly postings: Postings;
  readonly recent: Postings | null;
  /** Whether the kept postings hold for a panel; else, whether the recent ones do. A panel that was deleted is neither. */
  readonly isKept: (panel: number) => boolean;
  readonly isRecent: (panel: number) => boolean;
}

/** Which panels an answer may hold. */
interface Wanted {
  readonly directory: Pick<PanelDirectory, 'figureOf'>;
  /** Null: every figure is allowed. */
  readonly figures: FigureSet | null;
}

/** BM25 summed over all parts, as FTS5 computes it, for panels whose figures are allowed. */
export function scorePanels(alternatives: readonly Alternative[], totals: IndexTotals, wanted: Wanted): ScoredPanels {
  const sums = new PanelSums();
  for (const { postings, recent, isKept, isRecent } of alternatives) {
    const kept = filterPostings(postings, isKept);
    const added = recent === null ? null : filterPostings(recent, isRecent);
    const idf = computeIdf(totals.panels, kept.panels.length + (added?.panels.length ?? 0));
    for (const part of [kept, added]) if (part !== null) sums.addPostings(part, idf, totals);
  }
  return sums.take(wanted);
}

/** Panels with scores that are known, as far as their figures are allowed. */
export function allowedPanels(panels: Uint32Array, scores: Float64Array, wanted: Wanted): ScoredPanels {
  const sums = new PanelSums();
  sums.addScores(panels, scores);
  return sums.take(wanted);
}

// All numbers are zero between two uses. A new array of millions of numbers at each search would cost more than the search.
let totalOf = new Float64Array(0);
let isCounted = new Uint8Array(0);

/** Adds up scores by panel. To be used up in one go: all instances write into the same memory. */
class PanelSums {
  private matching = new Uint32Array(0);
  private count = 0;

  addPostings({ panels, frequencies, lengths }: Postings, idf: number, totals: IndexTotals): void {
    this.reserve(panels);
    for (let at = 0; at < panels.length; at++) {
      const frequency = frequencies[at] ?? 0;
      this.add(panels[at] ?? 0, idf * ((frequency * (k1 + 1)) / (frequency + lengthNorm(lengths[at] ?? 0, totals))));
    }
  }

  addScores(panels: Uint32Array, scores: Float64Array): void {
    this.reserve(panels);
    for (let at = 0; at < panels.length; at++) this.add(panels[at] ?? 0, scores[at] ?? 0);
  }

  /** What was added up, and forgets it. */
  take({ directory, figures }: Wanted): ScoredPanels {
    const panels = new Uint32Array(this.count);
    const scores = new Float64Array(this.count);
    const counted: number[] = [];
    let count = 0;
    for (let at = 0; at < this.count; at++) {
      const panel = this.matching[at] ?? 0;
      const score = totalOf[panel] ?? 0;
      totalOf[panel] = 0;
      const figure = directory.figureOf(panel);
      if (figure === 0 || (figures !== null && !figures.has(figure))) continue;
      panels[count] = panel;
      scores[count++] = score;
      if (figure >= isCounted.length) isCounted = grownTo(figure, isCounted);
      if (isCounted[figure] === 1) continue;
      isCounted[figure] = 1;
      counted.push(figure);
    }
    for (const figure of counted) isCounted[figure] = 0;
    this.count = 0;
    // Copies: what is kept for long must not hold the memory of all matches.
    const isAll = count === panels.length;
    return {
      panels: isAll ? panels : panels.slice(0, count),
      scores: isAll ? scores : scores.slice(0, count),
      figures: counted.length,
    };
  }

  private add(panel: number, score: number): void {
    const before = totalOf[panel] ?? 0;
    if (before === 0) this.matching[this.count++] = panel;
    totalOf[panel] = before + score;
  }

  private reserve(panels: Uint32Array): void {
    const last = greatestOf(panels);
    if (last >= totalOf.length) {
      const grown = new Float64Array(Math.ceil(1.5 * (last + 1)));
      grown.set(totalOf);
      totalOf = grown;
    }
    const grown = new Uint32Array(this.count + panels.length);
    grown.set(this.matching.subarray(0, this.count));
    this.matching = grown;
  }
}

function grownTo(last: number, before: Uint8Array): Uint8Array<ArrayBuffer> {
  const grown = new Uint8Array(Math.ceil(1.5 * (last + 1)));
  grown.set(before);
  return grown;
}

function greatestOf(numbers: Uint32Array): number {
  let greatest = 0;
  for (const number of numbers) if (number > greatest) greatest = number;
  return greatest;
}

function filterPostings(postings: Postings, isWanted: (panel: number) => boolean): Postings {
  const { length } = postings.panels;
  let at = 0;
  while (at < length && isWanted(postings.panels[at] ?? 0)) at++;
  // Most often nothing has gone.
  if (at === length) return postings;
  const rows: number[] = [];
  for (let row = 0; row < length; row++) if (isWanted(postings.panels[row] ?? 0)) rows.push(row);
  return {
    panels: Uint32Array.from(rows, (row) => postings.panels[row] ?? 0),
    frequencies: Float32Array.from(rows, (row) => postings.frequencies[row] ?? 0),
    lengths: Uint32Array.from(rows, (row) => postings.lengths[row] ?? 0),
  };
}
