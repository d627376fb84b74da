import { parentPort } from 'node:worker_threads';
import { FigseekError, messageOf, type ErrorCode } from '../domain/errors.js';

/** What a thread answers to a task. Of an error its class does not cross: the code does, and null is a surprise. */
export type TaskReply<Result> =
  { readonly result: Result } | { readonly code: ErrorCode | null; readonly message: string };

export interface TaskResult<Result> {
  readonly result: Result;
  /** Arrays that are handed over, not copied. */
  readonly transfer: readonly ArrayBuffer[];
}

/** Makes this thread one that a `TaskThread` can ask. */
export function runTaskLoop<Work, Result>(
  perform: (work: Work) => TaskResult<Result> | Promise<TaskResult<Result>>,
): void {
  parentPort?.on('message', (work: Work) => {
    void Promise.resolve(work)
      .then(perform)
      .then(
        ({ result, transfer }) => parentPort?.postMessage({ result }, transfer),
        (error: unknown) => parentPort?.postMessage(failureOf(error)),
      );
  });
}

function failureOf(error: unknown): TaskReply<never> {
  if (error instanceof FigseekError) return { code: error.code, message: error.message };
  if (error instanceof RangeError) {
    // An array that is too long, or for which there is no memory.
    const message = `The picture is too large for the memory of this machine (${messageOf(error)})`;
    return { code: 'UNSUPPORTED_MEDIA', message };
  }
  return { code: null, message: (error instanceof Error ? error.stack : undefined) ?? messageOf(error) };
}
