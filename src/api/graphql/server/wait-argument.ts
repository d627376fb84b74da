import { FigseekError } from '../../../domain/errors.js';

/** Longer than a first mask takes on most machines; a proxy would give up before. */
const maxWaitMs = 300_000;

/** How long a request waits for the segmenter before it answers PENDING. */
export const defaultWaitMs = 30_000;

/** @throws {FigseekError} BAD_USER_INPUT */
export function validateWait(waitMs: number): number {
  if (waitMs >= 0 && waitMs <= maxWaitMs) return waitMs;
  throw new FigseekError('BAD_USER_INPUT', `Expected waitMs to be from 0 to ${maxWaitMs} but received ${waitMs}`);
}
