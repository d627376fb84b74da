import { FigseekError } from '../../domain/errors.js';
import { formatBytes } from '../../domain/format-bytes.js';
import { discardBody, HttpConnection, locationOf, type HttpAnswer } from './http-connection.js';
import { maxRedirects, redirectTarget } from './redirects.js';
import { RequestRate } from './request-rate.js';
import { maxRetryAfterMs, withRetries, type RetryPolicy } from './retries.js';
import { networkFault, retryAfterOf, TransientError } from './transient-error.js';

/** A host is out of reach, or asks for a long wait: what else would be asked of it fails as well. */
export class UnreachableError extends FigseekError {}

export interface GuardedClientSettings {
  /** Hosts that are asked, each with its port where that is not the usual one. No other one is ever connected to. */
  readonly hosts: ReadonlySet<string>;
  /** Most requests that any of the hosts receives in a second, those of redirects and further attempts among them. */
  readonly requestsPerSecond: number;
  /** A connection on which nothing arrives for this long counts as dropped. */
  readonly stallMs: number;
  /** The longest that an answer may take, even if its bytes keep arriving. */
  readonly maxMs: number;
  readonly policy: RetryPolicy;
  /** How a person gets at a host that cannot be reached. */
  readonly howToReach: string;
  /** Called with a line of text for each wait before another attempt. */
  readonly note: (line: string) => void;
  /** Aborted: nothing is asked any more. */
  readonly signal?: AbortSignal | undefined;
}

interface Wanted {
  /** What is asked for, as a person would say it. */
  readonly what: string;
  /** A longer answer is refused before it is read further. */
  readonly maxBytes: number;
  /** @throws {TransientError} where the bytes are not those that were asked for, and another attempt may bring them */
  readonly check?: (bytes: Uint8Array) => void;
}

/**
 * Reads from a fixed set of hosts: a limited rate, redirects to these hosts only and never away from https, limits of size,
 * silence and time, and further attempts after failures that may pass.
 */
export class GuardedClient {
  private readonly connection: HttpConnection;
  private readonly rate: RequestRate;

  constructor(private readonly settings: GuardedClientSettings) {
    this.connection = new HttpConnection(settings.stallMs);
    this.rate = new RequestRate(settings.requestsPerSecond);
  }

  /**
   * @returns the whole answer
   * @throws {UnreachableError} SOURCE_UNAVAILABLE: there is no connection to the host, or it asks for a long wait
   * @throws {FigseekError} NOT_FOUND; PAYLOAD_TOO_LARGE; TIMEOUT where the connection stalls; else SOURCE_UNAVAILABLE
   */
  get(url: URL, wanted: Wanted): Promise<Uint8Array> {
    const { policy, note, signal, howToReach } = this.settings;
    return withRetries(() => this.getOnce(url, wanted), {
      policy,
      note,
      ...(signal === undefined ? {} : { signal }),
      giveUp: (reason, { kind, retryAfterMs }) => {
        if ((retryAfterMs ?? 0) > maxRetryAfterMs) return new UnreachableError('SOURCE_UNAVAILABLE', reason);
        if (kind === 'unreachable') return new UnreachableError('SOURCE_UNAVAILABLE', `${reason}; ${howToReach}`);
        return new FigseekError(kind === 'stalled' ? 'TIMEOUT' : 'SOURCE_UNAVAILABLE', `Given up: ${reason}`);
      },
    });
  }

  async close(): Promise<void> {
    await this.connection.close();
  }

  private async getOnce(url: URL, wanted: Wanted): Promise<Uint8Array> {
    const { maxMs, signal } = this.settings;
    const limit = new AnswerTimeLimit(wanted.what, maxMs, signal);
    try {
      const answer = await this.follow(url, wanted.what, limit);
      const bytes = await readBody(answer, wanted, limit.signal);
      wanted.check?.(bytes);
      return bytes;
    } catch (error) {
      throw limit.signal.aborted && signal?.aborted !== true ? (limit.signal.reason as Error) : error;
    } finally {
      limit.close();
    }
  }

  /** Goes where the answers send us, and hands over the one of 200, whose time runs on. */
  private async follow(first: URL, what: string, limit: AnswerTimeLimit): Promise<HttpAnswer> {
    const { signal } = limit;
    let url = first;
    for (let hop = 0; hop <= maxRedirects; hop++) {
      this.expectAllowed(url, what);
      const asked = url;
      const send = (): Promise<HttpAnswer> => {
        limit.start();
        return this.connection.send(asked, { what: `${what} (${asked.host})`, signal });
      };
      const answer = await this.rate.run(send, signal);
      if (answer.status === 200) return answer;
      await discardBody(answer.body);
      limit.stop();
      const location = locationOf(answer);
      if (location === null) throw this.refusalOf(answer, asked.host, what);
      const target = redirectTarget(asked, location);
      if (target === null) throw unavailable(`${asked.host} sends ${what} to an address that is not https`);
      url = target;
    }
    throw unavailable(`${first.host} sends ${what} from one address to the next without end`);
  }

  private expectAllowed(url: URL, what: string): void {
    const { hosts } = this.settings;
    if (hosts.has(url.host)) return;
    const allowed = [...hosts].join(', ');
    throw unavailable(`The address of ${what} leads to ${url.host}, which is not followed; expected one of ${allowed}`);
  }

  private refusalOf({ status, headers }: HttpAnswer, host: string, what: string): FigseekError | TransientError {
    if (status === 404 || status === 410) return new FigseekError('NOT_FOUND', `${host} has no ${what} (${status})`);
    if (status !== 408 && status !== 425 && status !== 429 && status < 500)
      return unavailable(`${host} answered ${status} for ${what}`);
    const retryAfterMs = retryAfterOf(headers['retry-after']);
    if (retryAfterMs !== null && retryAfterMs <= maxRetryAfterMs) this.rate.pause(retryAfterMs);
    return new TransientError(`${host} answered ${status} for ${what}`, retryAfterMs);
  }
}

/** Ends what takes too long to be answered. The time runs while a request is answered, not while it waits for its turn. */
class AnswerTimeLimit {
  private readonly ended: AbortController;
  private timer: NodeJS.Timeout | undefined;

  /** @throws the reason of `outer` where it is aborted already */
  constructor(
    private readonly what: string,
    private readonly maxMs: number,
    private readonly outer: AbortSignal | undefined,
  ) {
    outer?.throwIfAborted();
    this.ended = new AbortController();
    outer?.addEventListener('abort', this.end);
  }

  /** Aborted where an answer takes too long, and where the outer signal is. */
  get signal(): AbortSignal {
    return this.ended.signal;
  }

  start(): void {
    this.timer = setTimeout(() => {
      const reason = `${this.what} took longer than ${this.maxMs / 1000} s`;
      this.ended.abort(new TransientError(reason, null, 'stalled'));
    }, this.maxMs);
  }

  stop(): void {
    clearTimeout(this.timer);
  }

  close(): void {
    this.stop();
    this.outer?.removeEventListener('abort', this.end);
  }

  private readonly end = (): void => {
    this.ended.abort(this.outer?.reason);
  };
}

async function readBody(
  { headers, body }: HttpAnswer,
  { what, maxBytes }: Wanted,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const told = Number(headers['content-length'] ?? 0);
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    if (told > maxBytes) throw tooLarge(what, maxBytes);
    for await (const chunk of body as AsyncIterable<Uint8Array>) {
      length += chunk.length;
      if (length > maxBytes) throw tooLarge(what, maxBytes);
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof FigseekError || signal.aborted) throw error;
    throw networkFault(what, error);
  } finally {
    // A body that is destroyed before its end tells that as an error, which nobody reads any more.
    body.on('error', () => undefined);
    body.destroy();
  }
  if (told > 0 && length !== told) throw new TransientError(`${length} of ${told} bytes of ${what} arrived`);
  return Buffer.concat(chunks);
}

function tooLarge(what: string, maxBytes: number): FigseekError {
  return new FigseekError('PAYLOAD_TOO_LARGE', `Expected at most ${formatBytes(maxBytes)} for ${what} but it has more`);
}

function unavailable(message: string): FigseekError {
  return new FigseekError('SOURCE_UNAVAILABLE', message);
}
