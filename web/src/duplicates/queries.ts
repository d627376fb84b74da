import {
  DecideDuplicatesText,
  DuplicateGroupsText,
  type DuplicateGroupsQuery,
  type DuplicateVerdict,
} from '../generated/operations';
import { ask } from '../shared/server';

export type GroupPage = DuplicateGroupsQuery['duplicateGroups'];
export type Group = GroupPage['nodes'][number];

/** @param isReviewed whether groups that were decided on are listed, in place of those that wait */
export async function duplicateGroups(
  isReviewed: boolean,
  after: string | null,
  signal: AbortSignal,
): Promise<GroupPage> {
  return (await ask<DuplicateGroupsQuery>(DuplicateGroupsText, { reviewed: isReviewed, after }, signal))
    .duplicateGroups;
}

/** @param keep which of the figures stays to be seen, of KEEP_ONE */
export async function decide(
  figureIds: readonly string[],
  verdict: DuplicateVerdict,
  keep: string | null = null,
): Promise<void> {
  await ask(DecideDuplicatesText, { figureIds, verdict, keep });
}
