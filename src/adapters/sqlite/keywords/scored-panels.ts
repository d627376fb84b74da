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

type PartScores = Pick<ScoredPanels, 'panels' | 'scores'>;

/** One part of an expression: its kept postings, and those of panels that were indexed since. */
export interface Alternative {
  readonly postings: Postings;
  readonly recent: Postings | null;
  /** Whether the kept postings hold for a panel; else, whether the recent ones do. A panel that was deleted is neither. */
  readonly isKept: (panel: number) => boolean;
  readonly isRecent: (panel: number) => boolean;
}

/** BM25 of one part for each panel that holds it, computed as FTS5 does. */
export function scoreAlternative({ postings, recent, isKept, isRecent }: Alternative, totals: IndexTotals): PartScores {
  const kept = filterPostings(postings, isKept);
  const added = recent === null ? null : filterPostings(recent, isRecent);
  const idf = computeIdf(totals.panels, kept.panels.length + (added?.panels.length ?? 0));
  const all = added === null || added.panels.length === 0 ? kept : concatenate(kept, added);
  const scores = new Float64Array(all.panels.length);
  for (let at = 0; at < scores.length; at++) {
    const frequency = all.frequencies[at] ?? 0;
    scores[at] = idf * ((frequency * (k1 + 1)) / (frequency + lengthNorm(all.lengths[at] ?? 0, totals)));
  }
  return { panels: all.panels, scores };
}

/** The sums over all parts, for panels whose figures are allowed. */
export function addScores(
  parts: readonly PartScores[],
  directory: PanelDirectory,
  allowed: FigureSet | null,
): ScoredPanels {
  const [only] = parts;
  const summed = only !== undefined && parts.length === 1 ? only : sumByPanel(parts);
  const panels = new Uint32Array(summed.panels.length);
  const scores = new Float64Array(summed.panels.length);
  const figures = new Uint32Array(summed.panels.length);
  let count = 0;
  for (let at = 0; at < summed.panels.length; at++) {
    const panel = summed.panels[at] ?? 0;
    const figure = directory.figureOf(panel);
    if (figure === 0 || (allowed !== null && !allowed.has(figure))) continue;
    panels[count] = panel;
    scores[count] = summed.scores[at] ?? 0;
    figures[count] = figure;
    count++;
  }
  return {
    // Copies: what is kept for long must not hold the memory of all matches.
    panels: panels.slice(0, count),
    scores: scores.slice(0, count),
    figures: countDistinct(figures.subarray(0, count)),
  };
}

// All numbers are zero between two uses. A new array of millions of numbers at each search would cost more than the search.
let sums = new Float64Array(0);
let marks = new Uint8Array(0);

function sumByPanel(parts: readonly PartScores[]): PartScores {
  const last = parts.reduce((greatest, { panels }) => Math.max(greatest, greatestOf(panels)), 0);
  if (sums.length <= last) sums = new Float64Array(Math.ceil(1.5 * (last + 1)));
  const matching = new Uint32Array(parts.reduce((total, { panels }) => total + panels.length, 0));
  let count = 0;
  for (const { panels, scores } of parts) {
    for (let at = 0; at < panels.length; at++) {
      const panel = panels[at] ?? 0;
      const before = sums[panel] ?? 0;
      if (before === 0) matching[count++] = panel;
      sums[panel] = before + (scores[at] ?? 0);
    }
  }
  const panels = matching.subarray(0, count);
  const scores = Float64Array.from(panels, (panel) => sums[panel] ?? 0);
  for (const panel of panels) sums[panel] = 0;
  return { panels, scores };
}

function countDistinct(numbers: Uint32Array): number {
  const last = greatestOf(numbers);
  if (marks.length <= last) marks = new Uint8Array(Math.ceil(1.5 * (last + 1)));
  let count = 0;
  for (const number of numbers) {
    if (marks[number] === 0) count++;
    marks[number] = 1;
  }
  for (const number of numbers) marks[number] = 0;
  return count;
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

function concatenate(kept: Postings, added: Postings): Postings {
  const length = kept.panels.length + added.panels.length;
  const all = {
    panels: new Uint32Array(length),
    frequencies: new Float32Array(length),
    lengths: new Uint32Array(length),
  };
  for (const name of ['panels', 'frequencies', 'lengths'] as const) {
    all[name].set(kept[name]);
    all[name].set(added[name], kept.panels.length);
  }
  return all;
}
