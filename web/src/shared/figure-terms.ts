import type { PlaceTerm } from '../place';

/** So many figures may be terms of one query (the server's limit on terms is 16). */
export const maxFigureTerms = 12;

/** Figures as terms of a query: at most so many as one takes, spread evenly over those that are given. */
export function figureTerms(ids: readonly string[], weight: 1 | -1): readonly PlaceTerm[] {
  const number = Math.min(ids.length, maxFigureTerms);
  const chosen = Array.from({ length: number }, (_, at) => ids[Math.floor(((at + 0.5) * ids.length) / number)] ?? '');
  return chosen.map((value) => ({ kind: 'figure', value, weight }));
}
