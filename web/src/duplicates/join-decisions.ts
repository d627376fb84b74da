import type { Decision } from './queries';

/** What a person said of some figures at once: the decisions about their pairs as one. */
export interface JoinedDecision {
  readonly key: string;
  readonly verdict: Decision['verdict'];
  readonly decidedAt: string;
  readonly keptId: string | null;
  readonly pairs: readonly (readonly string[])[];
  /** Those that exist. */
  readonly figures: Decision['figures'];
  /** Figures that do not exist any more. */
  readonly deleted: number;
}

/** @param decisions by pairs, in the order of their list: pairs of one decision follow one another */
export function joinDecisions(decisions: readonly Decision[]): readonly JoinedDecision[] {
  const byMoment = new Map<string, Decision[]>();
  for (const decision of decisions) {
    const key = [decision.decidedAt, decision.verdict, decision.kept?.id ?? ''].join(' ');
    byMoment.set(key, [...(byMoment.get(key) ?? []), decision]);
  }
  return [...byMoment].flatMap(([key, pairs]) => {
    const [first] = pairs;
    if (first === undefined) return [];
    const figures = new Map(pairs.flatMap((pair) => pair.figures.map((figure) => [figure.id, figure] as const)));
    const ids = new Set(pairs.flatMap(({ figureIds }) => figureIds));
    return [
      {
        ...{ key, verdict: first.verdict, decidedAt: first.decidedAt, keptId: first.kept?.id ?? null },
        ...{ pairs: pairs.map(({ figureIds }) => figureIds), figures: [...figures.values()] },
        deleted: ids.size - figures.size,
      },
    ];
  });
}
