import { EnvHttpProxyAgent, request, type Dispatcher } from 'undici';
import { FigseekError, messageOf } from '../../domain/errors.js';
import { networkFault } from './transient-error.js';

export type HttpHeaders = Readonly<Record<string, string | string[] | undefined>>;

export interface HttpAnswer {
  readonly status: number;
  readonly headers: HttpHeaders;
  /** To be read, or destroyed. */
  readonly body: Dispatcher.ResponseData['body'];
}

export interface HttpRequest {
  readonly method?: 'GET' | 'HEAD';
  /** What is asked for, as a person would say it. */
  readonly what: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
}

/** The only file that speaks HTTP to other machines. Proxies are taken from HTTPS_PROXY, HTTP_PROXY and NO_PROXY. */
export class HttpConnection {
  private readonly dispatcher: Dispatcher;

  /**
   * @param stallMs a connection that is silent for so long counts as dropped
   * @throws {FigseekError} BAD_USER_INPUT where a proxy's address is none
   */
  constructor(stallMs: number) {
    try {
      this.dispatcher = new EnvHttpProxyAgent({
        connectTimeout: stallMs,
        headersTimeout: stallMs,
        bodyTimeout: stallMs,
      });
    } catch (error) {
      throw new FigseekError('BAD_USER_INPUT', `HTTPS_PROXY or HTTP_PROXY does not fit: ${messageOf(error)}`);
    }
  }

  /** Sends one request and follows no redirect. @throws {TransientError} where the network fails */
  async send(url: URL, { method = 'GET', what, headers, signal }: HttpRequest): Promise<HttpAnswer> {
    try {
      const answer = await request(url, {
        dispatcher: this.dispatcher,
        method,
        headers: {
          'user-agent': 'figseek',
          ...headers,
          // Sizes, ranges and hashes are those of the file, not of a compressed form of it.
          'accept-encoding': 'identity',
        },
        ...(signal === undefined ? {} : { signal }),
      });
      return { status: answer.statusCode, headers: answer.headers, body: answer.body };
    } catch (error) {
      if (signal?.aborted === true) throw error;
      throw networkFault(what, error);
    }
  }

  async close(): Promise<void> {
    await this.dispatcher.destroy();
  }
}

/** Frees the connection; a body that is long or broken is cut off. */
export async function discardBody(body: HttpAnswer['body']): Promise<void> {
  await body.dump({ limit: 16_384 }).catch(() => undefined);
}

/** Where an answer sends us; null for one that is final. */
export function locationOf({ status, headers }: HttpAnswer): string | null {
  const location = status >= 300 && status < 400 ? headers['location'] : undefined;
  return location === undefined ? null : String(location);
}
