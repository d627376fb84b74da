import { FigseekError, messageOf } from '../domain/errors.js';

/** A failure that another attempt may fix: a dropped connection, an overloaded hub, a wrong length. */
export class HubError extends Error {
  constructor(
    message: string,
    /** How long the hub asked to wait. */
    readonly retryAfterMs: number | null = null,
  ) {
    super(message);
    this.name = 'HubFault';
  }
}

export interface HttpRejection {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** What was asked for, as a person would say it. */
  readonly what: string;
  readonly repository: string;
  /** The model's page on the hub. */
  readonly page: string;
  /** The answer came from the hub, not from where it sent us to. */
  readonly fromHub: boolean;
  readonly hasToken: boolean;
}

/** What an answer of 400 or more means: an error for the user, or a fault to try again. */
export function toHubError(refusal: HttpRejection): FigseekError | HubError {
  const { status, headers, what, repository, page, fromHub } = refusal;
  // Signed addresses of a content network expire: the next attempt gets a new one.
  if (!fromHub && status < 500 && status !== 429) return new HubError(`the address behind ${what} answered ${status}`);
  const code = textOf(headers['x-error-code']);
  // A request without a token is answered with 401 also where there is no such file.
  if (status === 404 || status === 410 || code === 'RepoNotFound') {
    const missing = code === 'RepoNotFound' ? `no repository ${repository}, or keeps it private` : `no ${what}`;
    return new FigseekError('MODEL_UNAVAILABLE', `The hub has ${missing} (${status}); see ${page}`);
  }
  if (status === 401 || status === 403) return describeRefusedAccess(refusal, code);
  if (status === 408 || status === 425 || status === 429 || status >= 500) {
    const reason = status === 429 ? 'too many requests' : `${status}`;
    return new HubError(`the hub answered ${reason} for ${what}`, retryAfterOf(textOf(headers['retry-after'])));
  }
  return new FigseekError('MODEL_UNAVAILABLE', `The hub answered ${status} for ${what}; see ${page}`);
}

/** @param code the hub's own error code; null where the answer has none */
function describeRefusedAccess(refusal: HttpRejection, code: string | null): FigseekError {
  const { status, repository, page, hasToken } = refusal;
  const token = new URL('/settings/tokens', page).href;
  const conditions = code === 'GatedRepo' || status === 403 ? `accept the conditions at ${page} and ` : '';
  const fix = hasToken
    ? `check that the account of your token may read it${conditions === '' ? '' : ` (${conditions.replace(/ and $/, '')})`}`
    : `${conditions}make a token with read access at ${token} and set FIGSEEK_HUB_TOKEN (or HF_TOKEN)`;
  return new FigseekError('MODEL_UNAVAILABLE', `The hub does not give ${repository} (${status}): ${fix}`);
}

/** `Retry-After`: seconds, or a date. */
export function retryAfterOf(value: string | null, now = Date.now()): number | null {
  if (value === null) return null;
  const ms = /^\d+$/.test(value.trim()) ? Number(value) * 1000 : Date.parse(value) - now;
  return Number.isFinite(ms) ? Math.max(0, ms) : null;
}

/** A failure of the network itself, with a fix where one is known. */
export function networkFault(what: string, error: unknown): HubError {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
  switch (code) {
    case 'UND_ERR_BODY_TIMEOUT':
    case 'UND_ERR_HEADERS_TIMEOUT':
      return new HubError(`the connection for ${what} stalled`);
    case 'UND_ERR_SOCKET':
    case 'ECONNRESET':
    case 'EPIPE':
      return new HubError(`the connection for ${what} was dropped`);
    default: {
      const detail = messageOf(error) === '' ? code : messageOf(error);
      const certificate = /CERT|SIGNATURE/.test(code)
        ? '; a proxy that opens TLS needs its certificate in NODE_EXTRA_CA_CERTS'
        : '';
      return new HubError(`${what} cannot be reached: ${detail}${certificate}`);
    }
  }
}

function textOf(value: string | string[] | undefined): string | null {
  return (Array.isArray(value) ? value[0] : value) ?? null;
}
