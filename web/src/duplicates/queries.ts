import {
  DecideDuplicatesText,
  DuplicateDecisionsText,
  DuplicateGroupsText,
  type DuplicateDecisionsQuery,
  type DuplicateGroupsQuery,
  type DuplicateVerdict,
} from '../generated/operations';
import { ask } from '../shared/server';

export type GroupPage = DuplicateGroupsQuery['duplicateGroups'];
export type Group = GroupPage['nodes'][number];

export type DecisionPage = DuplicateDecisionsQuery['duplicateDecisions'];
export type Decision = DecisionPage['nodes'][number];

/** Groups that wait for a decision. */
export async function duplicateGroups(after: string | null, signal: AbortSignal): Promise<GroupPage> {
  return (await ask<DuplicateGroupsQuery>(DuplicateGroupsText, { after }, signal)).duplicateGroups;
}

/** What was decided of pairs of figures, the latest first. */
export async function duplicateDecisions(after: string | null, signal: AbortSignal): Promise<DecisionPage> {
  return (await ask<DuplicateDecisionsQuery>(DuplicateDecisionsText, { after }, signal)).duplicateDecisions;
}

/** Takes decisions back: at once where they are about all pairs of some figures, else pair by pair. */
export async function takeBack(pairs: readonly (readonly string[])[]): Promise<void> {
  const ids = [...new Set(pairs.flat())];
  const isComplete = pairs.length === (ids.length * (ids.length - 1)) / 2;
  for (const figureIds of isComplete ? [ids] : pairs) await decide(figureIds, 'UNDECIDED');
}

/** @param keep which of the figures stays to be seen, of KEEP_ONE */
export async function decide(
  figureIds: readonly string[],
  verdict: DuplicateVerdict,
  keep: string | null = null,
): Promise<void> {
  await ask(DecideDuplicatesText, { figureIds, verdict, keep });
}
