import { SeededRandom } from '../../domain/seeded-random.js';

/**
 * Deals groups into folds of nearly the same size; what is of one group stays together.
 * @param groups the group of each item
 * @returns the fold of each item, 0 to `count` - 1
 */
export function dealFolds(groups: readonly string[], count: number, seed: string): readonly number[] {
  const sizes = new Map<string, number>();
  for (const group of groups) sizes.set(group, (sizes.get(group) ?? 0) + 1);
  const names = [...sizes.keys()];
  // A random order first; large groups before small ones, so that the folds come out even.
  const order = [...new SeededRandom(`${seed}/folds`).sample(names, names.length)];
  order.sort((one, other) => (sizes.get(other) ?? 0) - (sizes.get(one) ?? 0));
  const filled = Array.from({ length: count }, () => 0);
  const folds = new Map<string, number>();
  for (const name of order) {
    const fold = filled.indexOf(Math.min(...filled));
    filled[fold] = (filled[fold] ?? 0) + (sizes.get(name) ?? 0);
    folds.set(name, fold);
  }
  return groups.map((group) => folds.get(group) ?? 0);
}
