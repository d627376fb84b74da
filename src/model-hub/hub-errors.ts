import { FigseekError } from '../domain/errors.js';
import { retryAfterOf, TransientError } from '../platform/http/transient-error.js';

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

/** What an answer of 400 or more means: an error for the user, or a failure to try again. */
export function toHubError(refusal: HttpRejection): FigseekError | TransientError {
  const { status, headers, what, repository, page, fromHub } = refusal;
  // Signed addresses of a content network expire: the next attempt gets a new one.
  if (!fromHub && status < 500 && status !== 429)
    return new TransientError(`the address behind ${what} answered ${status}`);
  const code = textOf(headers['x-error-code']);
  // A request without a token is answered with 401 also where there is no such file.
  if (status === 404 || status === 410 || code === 'RepoNotFound') {
    const missing = code === 'RepoNotFound' ? `no repository ${repository}, or keeps it private` : `no ${what}`;
    return new FigseekError('MODEL_UNAVAILABLE', `The hub has ${missing} (${status}); see ${page}`);
  }
  if (status === 401 || status === 403) return describeRefusedAccess(refusal, code);
  if (status === 408 || status === 425 || status === 429 || status >= 500) {
    const reason = status === 429 ? 'too many requests' : `${status}`;
    return new TransientError(`the hub answered ${reason} for ${what}`, retryAfterOf(headers['retry-after']));
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

/** What the user is told once the attempts are used up. @param last the failure of the last attempt */
export function downloadStopped(reason: string, { kind }: TransientError): FigseekError {
  const howToReach =
    'Check the network; for a proxy set HTTPS_PROXY (and NO_PROXY), for a mirror FIGSEEK_HUB_URL. Without a network, figseek models import reads a checkpoint from a disk';
  const goOn = 'What was fetched is kept: run the same command again to go on';
  const advice = kind === 'unreachable' ? howToReach : goOn;
  return new FigseekError('MODEL_UNAVAILABLE', `The download stopped: ${reason}. ${advice}`);
}

function textOf(value: string | string[] | undefined): string | null {
  return (Array.isArray(value) ? value[0] : value) ?? null;
}
