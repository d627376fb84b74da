/** The closed set of `extensions.code` values that figseek answers; see schema.graphql. */
export type ErrorCode =
  | 'BAD_USER_INPUT'
  | 'NOT_FOUND'
  | 'CONFLICT'
  | 'PAYLOAD_TOO_LARGE'
  | 'UNSUPPORTED_MEDIA'
  | 'QUERY_TOO_COMPLEX'
  | 'RATE_LIMITED'
  | 'MODEL_UNAVAILABLE'
  | 'INDEX_UNAVAILABLE'
  | 'DATABASE_UNAVAILABLE'
  /** A server that a source is read from cannot be reached, or does not answer as it should. */
  | 'SOURCE_UNAVAILABLE'
  | 'INSUFFICIENT_STORAGE'
  | 'TIMEOUT'
  | 'INTERNAL_SERVER_ERROR';

/** An expected failure. Its message is shown to people: it says what was expected, what came, and the fix. */
export class FigseekError extends Error {
  constructor(
    readonly code: ErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'FigseekError';
  }
}

/** That no figure has an id; of a long text, which is none, the beginning is told. */
export function unknownFigure(id: string): FigseekError {
  return new FigseekError('NOT_FOUND', `There is no figure ${id.slice(0, 60)}`);
}

/** The message of anything that was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** The operating system's name of a failed call, as ENOENT; null for anything else that was thrown. */
export function systemCodeOf(thrown: unknown): string | null {
  if (typeof thrown !== 'object' || thrown === null || !('syscall' in thrown) || !('code' in thrown)) return null;
  return typeof thrown.code === 'string' ? thrown.code : null;
}
