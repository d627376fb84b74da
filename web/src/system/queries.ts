import {
  CancelRunText,
  RemoveSamplesText,
  RunFaultsText,
  RunsText,
  SystemText,
  type RunFaultsQuery,
  type RunsQuery,
  type SystemQuery,
} from '../generated/operations';
import { AnswerError, ask } from '../shared/server';

export type Run = RunsQuery['ingestRuns']['nodes'][number];
export type FaultPage = NonNullable<RunFaultsQuery['ingestRun']>['faults'];
export type Fault = FaultPage['nodes'][number];
export type Model = SystemQuery['models'][number];

/** The latest first. */
export async function runs(first: number, signal: AbortSignal): Promise<readonly Run[]> {
  return (await ask<RunsQuery>(RunsText, { first }, signal)).ingestRuns.nodes;
}

export async function faults(runId: string, after: string | null, signal: AbortSignal): Promise<FaultPage> {
  const { ingestRun } = await ask<RunFaultsQuery>(RunFaultsText, { id: runId, after }, signal);
  if (ingestRun == null) throw new AnswerError('There is no such run any more');
  return ingestRun.faults;
}

export async function cancelRun(id: string): Promise<void> {
  await ask(CancelRunText, { id });
}

export function system(signal: AbortSignal): Promise<SystemQuery> {
  return ask<SystemQuery>(SystemText, {}, signal);
}

/** Deletes the drawn sample figures. */
export async function removeSamples(): Promise<void> {
  await ask(RemoveSamplesText, {});
}
