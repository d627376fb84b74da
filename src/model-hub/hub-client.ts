import { FigseekError } from '../domain/errors.js';
import {
  discardBody,
  HttpConnection,
  locationOf,
  type HttpAnswer,
  type HttpHeaders,
} from '../platform/http/http-connection.js';
import { maxRedirects, redirectTarget } from '../platform/http/redirects.js';
import { TransientError } from '../platform/http/transient-error.js';
import { toHubError } from './hub-errors.js';
import { refuseOpenToken } from './open-token.js';

export interface HubSettings {
  /** Address of the hub or of a mirror, without a slash at its end. */
  readonly url: string;
  readonly token: string | null;
  /** A connection that is silent for so long counts as dropped. */
  readonly stallMs: number;
}

interface Question {
  readonly method?: 'GET' | 'HEAD';
  readonly path: string;
  readonly repository: string;
  /** What is asked for, as a person would say it. */
  readonly what: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** Asks a hub. Proxies are taken from HTTPS_PROXY, HTTP_PROXY and NO_PROXY. */
export class HubClient {
  private readonly connection: HttpConnection;

  constructor(private readonly settings: HubSettings) {
    refuseOpenToken(settings.url, settings.token);
    this.connection = new HttpConnection(settings.stallMs);
  }

  /** The page of a repository, for a person. */
  pageOf(repository: string): string {
    return `${this.settings.url}/${repository}`;
  }

  /**
   * Asks the hub, goes where it sends us, and hands over an answer of 200 or 206. Its body must be read or destroyed.
   * @throws {TransientError} what another attempt may fix
   * @throws {FigseekError} MODEL_UNAVAILABLE what only the user can fix
   */
  async ask(question: Question): Promise<HttpAnswer> {
    let url = new URL(`${this.settings.url}${question.path}`);
    // Of several answers on the way, the first says what the file is (X-Repo-Commit, X-Linked-Size, X-Linked-ETag).
    let linked: HttpHeaders = {};
    for (let hop = 0; hop <= maxRedirects; hop++) {
      const answer = await this.send(url, question);
      linked = { ...answer.headers, ...linked };
      const location = locationOf(answer);
      if (location === null) return this.accepted(question, url, answer, linked);
      await discardBody(answer.body);
      const target = redirectTarget(url, location);
      if (target === null) throw notFollowed(question.what);
      if (question.method === 'HEAD' && target.origin !== url.origin) {
        return { status: 200, headers: linkedHeaders({}, linked), body: answer.body };
      }
      url = target;
    }
    throw new TransientError(`the hub sent ${question.what} from one address to the next without end`);
  }

  private send(url: URL, { method = 'GET', what, headers, signal }: Question): Promise<HttpAnswer> {
    const own = url.origin === new URL(this.settings.url).origin;
    // Another origin is another party: it must never see the token.
    const token = own && this.settings.token !== null ? { authorization: `Bearer ${this.settings.token}` } : {};
    return this.connection.send(url, { method, what, headers: { ...headers, ...token }, signal });
  }

  private async accepted(question: Question, url: URL, answer: HttpAnswer, linked: HttpHeaders): Promise<HttpAnswer> {
    const { status, headers, body } = answer;
    if (status === 200 || status === 206) {
      // A body that is destroyed before its end tells that as an error, also when nobody reads it any more.
      body.on('error', () => undefined);
      return { ...answer, headers: linkedHeaders(headers, linked) };
    }
    await discardBody(body);
    throw toHubError({
      status,
      headers,
      what: question.what,
      repository: question.repository,
      page: this.pageOf(question.repository),
      fromHub: url.origin === new URL(this.settings.url).origin,
      hasToken: this.settings.token !== null,
    });
  }

  async close(): Promise<void> {
    await this.connection.close();
  }
}

function notFollowed(what: string): FigseekError {
  return new FigseekError('MODEL_UNAVAILABLE', `The hub sends ${what} to an address that is not followed: not https`);
}

/** Of the answers before the last one only what the hub itself says of the file; lengths and ranges are the last one's. */
function linkedHeaders(last: HttpHeaders, linked: HttpHeaders): HttpHeaders {
  const named = Object.entries(linked).filter(([name]) => name.startsWith('x-'));
  return { ...last, ...Object.fromEntries(named) };
}
