import type { measureSuggestions } from '../app/benchmarks.js';

type Measured = Awaited<ReturnType<typeof measureSuggestions>>[number];

const widths = [9, 8, 13, 23, 23, 25, 8] as const;

/** Above the lines of what is measured. */
export const suggestionsHeadings = row(['ratings', 'topics', 'collections', 'learned', 'by the mean', 'gain', 'best']);

/** A line of what `figseek bench suggestions` measures. */
export function formatSuggestions({ ratings, topics, collections, learned, byMean, gain, best }: Measured): string {
  return row([
    ...[String(ratings), String(topics), String(collections)],
    ...[learned, byMean, gain.difference].map(withInterval),
    best.toFixed(3),
  ]);
}

function withInterval({ mean, low, high }: { readonly mean: number; readonly low: number; readonly high: number }) {
  return `${mean.toFixed(3)} (${low.toFixed(3)}–${high.toFixed(3)})`;
}

function row(cells: readonly string[]): string {
  return cells
    .map((cell, place) => cell.padEnd(widths[place] ?? 0))
    .join('')
    .trimEnd();
}
