import { messageOf } from '../../domain/errors.js';

/** Why a request failed, as far as it decides what is done next. */
type FailureKind =
  /** There is no connection to the host: no network, no such name, a proxy or a certificate that is refused. */
  | 'unreachable'
  /** The connection was silent for too long. */
  | 'stalled'
  /** The connection was dropped, or the host answered that it cannot answer now. */
  | 'failed';

/** A failure that another attempt may fix: a dropped connection, an overloaded server, a wrong length. */
export class TransientError extends Error {
  constructor(
    message: string,
    /** How long the server asked to wait. */
    readonly retryAfterMs: number | null = null,
    readonly kind: FailureKind = 'failed',
  ) {
    super(message);
    this.name = 'TransientError';
  }
}

/** `Retry-After`: seconds, or a date. */
export function retryAfterOf(value: string | string[] | undefined | null, now = Date.now()): number | null {
  const text = Array.isArray(value) ? value[0] : value;
  if (text == null) return null;
  const ms = /^\d+$/.test(text.trim()) ? Number(text) * 1000 : Date.parse(text) - now;
  return Number.isFinite(ms) ? Math.max(0, ms) : null;
}

/** A failure of the network itself, with a fix where one is known. */
export function networkFault(what: string, error: unknown): TransientError {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
  switch (code) {
    case 'UND_ERR_BODY_TIMEOUT':
    case 'UND_ERR_HEADERS_TIMEOUT':
      return new TransientError(`the connection for ${what} stalled`, null, 'stalled');
    case 'UND_ERR_SOCKET':
    case 'ECONNRESET':
    case 'EPIPE':
      return new TransientError(`the connection for ${what} was dropped`);
    default: {
      const detail = messageOf(error) === '' ? code : messageOf(error);
      const certificate = /CERT|SIGNATURE/.test(code)
        ? '; a proxy that opens TLS needs its certificate in NODE_EXTRA_CA_CERTS'
        : '';
      return new TransientError(`${what} cannot be reached: ${detail}${certificate}`, null, kindOf(code));
    }
  }
}

function kindOf(code: string): FailureKind {
  // undici says UND_ERR_ABORTED where a proxy refuses to connect; that a caller aborted is told apart before this.
  const isWithoutHost =
    /^(?:ENOTFOUND|EAI_|ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|UND_ERR_CONNECT_TIMEOUT|UND_ERR_PRX_TLS|UND_ERR_ABORTED)/;
  return isWithoutHost.test(code) || /CERT|SIGNATURE|TLS|SSL/.test(code) ? 'unreachable' : 'failed';
}
