import { setTimeout as wait } from 'node:timers/promises';
import { TransientError } from './transient-error.js';

export interface RetryPolicy {
  /** Attempts in a row that bring nothing, before it is given up. */
  readonly attempts: number;
  readonly firstDelayMs: number;
  readonly maxDelayMs: number;
}

export const defaultRetryPolicy: RetryPolicy = { attempts: 6, firstDelayMs: 500, maxDelayMs: 30_000 };

/** A server that asks for a longer wait is better tried again by the user. */
export const maxRetryAfterMs = 10 * 60_000;

export interface RetryContext {
  readonly policy: RetryPolicy;
  /** Called with a line of text for each wait. */
  readonly note: (line: string) => void;
  /** What is thrown in the end. @param reason in one line @param last the failure of the last attempt */
  readonly giveUp: (reason: string, last: TransientError) => Error;
  /** Something was gained since it was last asked: the count of attempts starts anew. */
  readonly gained?: () => boolean;
  readonly signal?: AbortSignal;
}

/**
 * Repeats `work` while it ends in a TransientError, after waits that double.
 * @throws what `giveUp` makes of it, once the attempts are used up
 */
export async function withRetries<Result>(work: () => Promise<Result>, retrying: RetryContext): Promise<Result> {
  const { policy, note, giveUp, gained, signal } = retrying;
  let failures = 0;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof TransientError) || signal?.aborted === true) throw error;
      failures = gained?.() === true ? 1 : failures + 1;
      if (failures >= policy.attempts) throw giveUp(`${error.message}, ${failures} times`, error);
      if ((error.retryAfterMs ?? 0) > maxRetryAfterMs) {
        const minutes = Math.ceil((error.retryAfterMs ?? 0) / 60_000);
        throw giveUp(`${error.message} and asks to wait ${minutes} minutes`, error);
      }
      const delay = delayBefore(failures, error.retryAfterMs, policy);
      note(`${error.message}; trying again in ${(delay / 1000).toFixed(1)} s`);
      await wait(delay, undefined, signal === undefined ? {} : { signal });
    }
  }
}

/**
 * Exponential backoff with full jitter, so that clients that failed together do not come back together; never less
 * than the server asked for. Source: “Exponential Backoff And Jitter”, AWS Architecture Blog, 2015.
 * @param failures attempts that failed in a row, 1 at least
 */
export function delayBefore(
  failures: number,
  retryAfterMs: number | null,
  { firstDelayMs, maxDelayMs }: RetryPolicy,
  random = Math.random,
): number {
  const ceiling = Math.min(maxDelayMs, firstDelayMs * 2 ** (failures - 1));
  return (retryAfterMs ?? 0) + ceiling * random();
}
