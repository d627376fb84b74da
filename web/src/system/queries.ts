import {
  CancelModelJobText,
  CancelRunText,
  CompareModelsText,
  PullModelText,
  RemoveSamplesText,
  RetryIngestText,
  RunFaultsText,
  RunsText,
  StartIngestText,
  StartUploadedIngestText,
  SystemText,
  UseModelText,
  VerifyModelText,
  type ModelPrecision,
  type RunFaultsQuery,
  type RunsQuery,
  type SystemQuery,
} from '../generated/operations';
import { AnswerError, ask } from '../shared/server';
import { text } from '../text';

export type Run = RunsQuery['ingestRuns']['nodes'][number];
export type FaultPage = NonNullable<RunFaultsQuery['ingestRun']>['faults'];
export type Fault = FaultPage['nodes'][number];
export type System = SystemQuery;
export type Model = SystemQuery['models'][number];
export type ModelJob = SystemQuery['modelJobs'][number];
export type KnownModel = SystemQuery['knownModels'][number];

/** The latest first. */
export async function runs(first: number, signal: AbortSignal): Promise<readonly Run[]> {
  return (await ask<RunsQuery>(RunsText, { first }, signal)).ingestRuns.nodes;
}

export async function faults(runId: string, after: string | null, signal: AbortSignal): Promise<FaultPage> {
  const { ingestRun } = await ask<RunFaultsQuery>(RunFaultsText, { id: runId, after }, signal);
  if (ingestRun == null) throw new AnswerError(text.system.noSuchRun);
  return ingestRun.faults;
}

export async function cancelRun(id: string): Promise<void> {
  await ask(CancelRunText, { id });
}

/** Reads the source of a run once more. */
export async function retryRun(id: string): Promise<void> {
  await ask(RetryIngestText, { id });
}

/** @param path of the server's machine, or an article as `pmc:PMC8253867` */
export async function startIngest(path: string): Promise<void> {
  await ask(StartIngestText, { path });
}

/** @param sourceName null: one of its own */
export async function startUploadedIngest(uploadId: string, sourceName: string | null): Promise<void> {
  await ask(StartUploadedIngestText, { uploadId, sourceName });
}

export function system(signal: AbortSignal): Promise<SystemQuery> {
  return ask<SystemQuery>(SystemText, {}, signal);
}

/** Deletes the drawn sample figures. */
export async function removeSamples(): Promise<void> {
  await ask(RemoveSamplesText, {});
}

/** Whoever calls it has accepted the license and the intended use. */
export async function pullModel(name: string, precision: ModelPrecision): Promise<void> {
  await ask(PullModelText, { name, precision });
}

export async function verifyModel(name: string): Promise<void> {
  await ask(VerifyModelText, { name });
}

export async function activateModel(name: string, force: boolean): Promise<void> {
  await ask(UseModelText, { name, force });
}

export async function compareModels(name: string, against: string): Promise<void> {
  await ask(CompareModelsText, { name, against });
}

export async function cancelModelJob(id: string): Promise<void> {
  await ask(CancelModelJobText, { id });
}
