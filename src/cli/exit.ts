import { printNote } from './output.js';
import { FigseekError, messageOf } from '../domain/errors.js';

/** Exit codes, a promise to scripts. */
export const exitCodes = {
  someRejected: 1,
  wrongUsage: 2,
  verificationFailed: 3,
  failure: 70,
  interrupted: 130,
} as const;

/** Says what went wrong on standard error and sets the exit code. */
export function handleFatalError(error: unknown): void {
  process.exitCode = exitCodeOf(error);
  // The stack of an expected failure helps nobody; of a surprise it is all there is.
  const text = error instanceof FigseekError ? error.message : error instanceof Error ? error.stack : messageOf(error);
  printNote(`figseek: ${text ?? 'failed'}`);
}

function exitCodeOf(error: unknown): number {
  if (!(error instanceof FigseekError)) return exitCodes.failure;
  switch (error.code) {
    case 'MODEL_UNAVAILABLE':
    case 'INDEX_UNAVAILABLE':
      return exitCodes.verificationFailed;
    case 'BAD_USER_INPUT':
    case 'NOT_FOUND':
    case 'UNSUPPORTED_MEDIA':
    case 'PAYLOAD_TOO_LARGE':
    case 'CONFLICT':
    case 'QUERY_TOO_COMPLEX':
      return exitCodes.wrongUsage;
    case 'DATABASE_UNAVAILABLE':
    case 'SOURCE_UNAVAILABLE':
    case 'INSUFFICIENT_STORAGE':
    case 'RATE_LIMITED':
    case 'TIMEOUT':
    case 'INTERNAL_SERVER_ERROR':
      return exitCodes.failure;
  }
}
