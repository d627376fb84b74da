import { evenlyChosen } from '../../domain/evenly-chosen.js';
import { vectorKinds, type VectorKind } from '../../domain/search.js';
import { estimateMean, type Estimate } from '../statistics.js';
import type { Ask } from './ask.js';
import type { QueryClass } from './known-item-query.js';

/** How many of the figures that a comparison with every vector puts first the index finds. */
export interface IndexRecall {
  readonly channel: VectorKind;
  readonly queries: number;
  /** Share of the exact first ten that are among the first ten of the index. */
  readonly recallAt10: Estimate;
  /** Whether the index compared with every vector by itself, as it does for a small corpus. */
  readonly isExact: boolean;
}

const mostQueries = 50;
const first = 10;

/** Asks the vector channels twice, by the index and by comparing everything. */
export async function measureIndexRecall(
  ask: Ask,
  classes: readonly QueryClass[],
  seed: string,
): Promise<readonly IndexRecall[]> {
  // Ids have no vectors; an even part of the others.
  const all = classes.flatMap(({ name, queries }) => (name === 'phrases' || name === 'word-pairs' ? queries : []));
  const texts = all.flatMap(({ asked }) => (asked.kind === 'text' ? [asked] : []));
  const asked = evenlyChosen(texts.length, mostQueries).map((at) => texts[at]);
  const measured: IndexRecall[] = [];
  for (const channel of vectorKinds) {
    const shares: number[] = [];
    let isExact = true;
    for (const content of asked) {
      if (content === undefined) continue;
      const [approximate, exact] = [await ask(content, channel), await ask(content, channel, true)];
      const right = new Set(exact.found.slice(0, first).map(([id]) => id));
      const named = approximate.found.slice(0, first).filter(([id]) => right.has(id));
      if (right.size > 0) shares.push(named.length / right.size);
      isExact &&= approximate.exact;
    }
    const recallAt10 = estimateMean(shares, { seed });
    if (recallAt10 !== null) measured.push({ channel, queries: shares.length, recallAt10, isExact });
  }
  return measured;
}
