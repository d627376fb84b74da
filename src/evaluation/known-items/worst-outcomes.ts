import type { QueryOutcome } from './evaluate-corpus.js';

/** So that one class does not fill the list. */
const mostOfClass = 3;

/**
 * The queries whose right figure came last in the fused answer, or not at all; those whose right figure came first are none of them.
 * @param count at most so many of texts, and as many of images
 */
export function worstOutcomes(queries: readonly QueryOutcome[], count: number): readonly QueryOutcome[] {
  const rankOf = ({ ranks }: QueryOutcome): number => ranks.FUSED ?? Infinity;
  const failed = queries.filter((outcome) => rankOf(outcome) > 1);
  // Stable: those of one rank stay in the order of the classes.
  const sorted = failed.sort((a, b) => (rankOf(a) === rankOf(b) ? 0 : rankOf(b) - rankOf(a)));
  const ofClass = new Map<string, number>();
  const spread = sorted.filter((outcome) => {
    const before = ofClass.get(outcome.class) ?? 0;
    ofClass.set(outcome.class, before + 1);
    return before < mostOfClass;
  });
  const isImage = (outcome: QueryOutcome): boolean => outcome.class.startsWith('copy: ');
  return [...spread.filter((outcome) => !isImage(outcome)).slice(0, count), ...spread.filter(isImage).slice(0, count)];
}
