import type { ComparedMeasure, DetailedEvaluation } from './evaluate.js';
import { comparePaired, type PairedComparison } from './statistics.js';

/** A measure of two models over the same queries. */
export interface ModelDifference extends PairedComparison {
  readonly measure: ComparedMeasure;
  readonly queries: number;
}

const measures: readonly ComparedMeasure[] = [
  ...(['captionToImage', 'imageToCaption', 'labelNeighbors', 'majorityVote', 'zeroShot'] as const),
];

/** What a model gains over another one: above 0 where the first is better. Queries that only one could answer are left out. */
export function compareEvaluations(
  first: DetailedEvaluation,
  second: DetailedEvaluation,
  seed: string,
): readonly ModelDifference[] {
  return measures.flatMap((measure) => {
    const others = second.values[measure];
    const pairs = [...first.values[measure]].flatMap(([name, { value, group }]) => {
      const other = others.get(name);
      return other === undefined ? [] : [{ value, group, other: other.value }];
    });
    const comparison = comparePaired(
      pairs.map(({ value }) => value),
      pairs.map(({ other }) => other),
      { seed, groups: pairs.map(({ group }) => group) },
    );
    return comparison === null ? [] : [{ measure, queries: pairs.length, ...comparison }];
  });
}
