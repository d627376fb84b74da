import { EnvHttpProxyAgent, request, type Dispatcher } from 'undici';
import { FigseekError, messageOf } from '../domain/errors.js';
import { toHubError, HubError, networkFault } from './hub-errors.js';
import { redirectTarget, refuseOpenToken } from './redirects.js';

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

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Dispatcher.ResponseData['body'];
}

type Headers = Readonly<Record<string, string | string[] | undefined>>;

const maxRedirects = 5;

/** The only file that speaks HTTP to a hub. Proxies are taken from HTTPS_PROXY, HTTP_PROXY and NO_PROXY. */
export class HubClient {
  private readonly dispatcher: Dispatcher;

  constructor(private readonly settings: HubSettings) {
    refuseOpenToken(settings.url, settings.token);
    this.dispatcher = throughProxies(settings.stallMs);
  }

  /** The page of a repository, for a person. */
  pageOf(repository: string): string {
    return `${this.settings.url}/${repository}`;
  }

  /**
   * Asks the hub, goes where it sends us, and hands over an answer of 200 or 206. Its body must be read or destroyed.
   * @throws {HubError} what another attempt may fix
   * @throws {FigseekError} MODEL_UNAVAILABLE what only the user can fix
   */
  async ask(question: Question): Promise<Answer> {
    let url = new URL(`${this.settings.url}${question.path}`);
    // Of several answers on the way, the first says what the file is (X-Repo-Commit, X-Linked-Size, X-Linked-ETag).
    let linked: Headers = {};
    for (let hop = 0; hop <= maxRedirects; hop++) {
      const { statusCode, headers, body } = await this.send(url, question);
      linked = { ...headers, ...linked };
      const location = statusCode >= 300 && statusCode < 400 ? headers['location'] : undefined;
      if (location === undefined) return this.accepted(question, url, { status: statusCode, headers, body }, linked);
      await discard(body);
      const target = redirectTarget(url, String(location), question.what);
      if (question.method === 'HEAD' && target.origin !== url.origin) {
        return { status: 200, headers: linkedHeaders({}, linked), body };
      }
      url = target;
    }
    throw new HubError(`the hub sent ${question.what} from one address to the next without end`);
  }

  private async send(url: URL, { method, what, headers, signal }: Question): Promise<Dispatcher.ResponseData> {
    const own = url.origin === new URL(this.settings.url).origin;
    try {
      return await request(url, {
        dispatcher: this.dispatcher,
        method: method ?? 'GET',
        headers: {
          ...headers,
          'user-agent': 'figseek',
          // Sizes and ranges are those of the file, not of a compressed form of it.
          'accept-encoding': 'identity',
          // Another origin is another party: it must never see the token.
          ...(own && this.settings.token !== null ? { authorization: `Bearer ${this.settings.token}` } : {}),
        },
        ...(signal === undefined ? {} : { signal }),
      });
    } catch (error) {
      if (signal?.aborted === true) throw error;
      throw networkFault(what, error);
    }
  }

  private async accepted(question: Question, url: URL, answer: Answer, linked: Headers): Promise<Answer> {
    const { status, headers, body } = answer;
    if (status === 200 || status === 206) {
      // A body that is destroyed before its end tells that as an error, also when nobody reads it any more.
      body.on('error', () => undefined);
      return { ...answer, headers: linkedHeaders(headers, linked) };
    }
    await discard(body);
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
    await this.dispatcher.destroy();
  }
}

/** @throws {FigseekError} BAD_USER_INPUT where a proxy's address is none */
function throughProxies(stallMs: number): Dispatcher {
  try {
    return new EnvHttpProxyAgent({ connectTimeout: stallMs, headersTimeout: stallMs, bodyTimeout: stallMs });
  } catch (error) {
    throw new FigseekError('BAD_USER_INPUT', `HTTPS_PROXY or HTTP_PROXY does not fit: ${messageOf(error)}`);
  }
}

/** Of the answers before the last one only what the hub itself says of the file; lengths and ranges are the last one's. */
function linkedHeaders(last: Headers, linked: Headers): Headers {
  const named = Object.entries(linked).filter(([name]) => name.startsWith('x-'));
  return { ...last, ...Object.fromEntries(named) };
}

/** Frees the connection; a body that is long or broken is cut off. */
async function discard(body: Dispatcher.ResponseData['body']): Promise<void> {
  await body.dump({ limit: 16_384 }).catch(() => undefined);
}
