import type { FigureId } from './ids.js';

/** What a person decided of figures that show the same picture, or seem to. */
export type DuplicateVerdict = 'KEEP_ALL' | 'KEEP_ONE' | 'NOT_SAME';

/** A decision about two figures. */
export interface DuplicateDecision {
  /** The lesser id first. */
  readonly figureIds: readonly [FigureId, FigureId];
  readonly verdict: DuplicateVerdict;
  /** Of KEEP_ONE: the figure that stays to be seen; it need not be one of the two. */
  readonly keptId: FigureId | null;
  /** The kind of viewer, as there are no accounts yet. */
  readonly decidedBy: string;
  readonly decidedAt: Date;
}

/** The place of a decision in the list of all, the latest first; pairs of one moment follow their ids. */
export interface DecisionPlace {
  readonly decidedAt: Date;
  readonly figureIds: readonly [string, string];
}

/** Figures that show the same picture as the first of them, its anchor. */
export interface DuplicateGroup {
  readonly figureIds: readonly FigureId[];
  /** How many figures are in it; more than `figureIds` where the group is very large. */
  readonly size: number;
}

/** All pairs of some figures, each figure once, the lesser id first. */
export function pairsOf<Id extends string>(figureIds: readonly Id[]): readonly (readonly [Id, Id])[] {
  const sorted = [...new Set(figureIds)].sort();
  return sorted.flatMap((first, at) => sorted.slice(at + 1).map((second) => [first, second] as const));
}
