import { setTimeout as delay } from 'node:timers/promises';
import { FigseekError, messageOf } from '../../domain/errors.js';
import { InFlightRequest, type RequestRecord } from './in-flight-request.js';
import type { MaskScheduler } from './mask-scheduler.js';

/** The least time between a failure and the next try: clients poll, and a request that crashes the model would crash it each time. */
const retryAfterMs = 60_000;

/** What is stored of a request. */
export interface StoredOutcome {
  readonly outcome: { readonly status: 'READY' } | { readonly status: 'FAILED'; readonly at: Date };
}

/** How requests of one kind are carried out. */
export interface TaskHandler<Requested, Stored> {
  /** Does the work and stores its result. @param waitForTurn to be awaited before each run of the model */
  run(record: Requested, waitForTurn: () => Promise<void>): Promise<Stored>;
  saveFailure(record: Requested, reason: string): Promise<Stored>;
}

/** The requests of one kind that are in flight: equal requests share one computation. */
export class SingleFlight<Requested extends RequestRecord, Stored extends StoredOutcome> {
  private readonly pending = new Map<string, InFlightRequest<Requested, Stored>>();
  private isStopped = false;

  constructor(
    private readonly scheduler: MaskScheduler,
    private readonly handler: TaskHandler<Requested, Stored>,
  ) {}

  get(hash: string): InFlightRequest<Requested, Stored> | undefined {
    return this.pending.get(hash);
  }

  /**
   * The request with this hash that is in flight, else a new one.
   * @param readStored reads what is stored under the hash. A new request enters the queue after it, where nothing is
   *   stored, or a failure that is to be retried
   */
  join(record: Requested, readStored: () => Promise<Stored | undefined>): InFlightRequest<Requested, Stored> {
    const { hash } = record;
    const existing = this.pending.get(hash);
    if (existing !== undefined) return existing;
    const known = readStored().then((stored) => (stored === undefined || isToRetry(stored) ? null : stored));
    const request = new InFlightRequest(record, known, this);
    this.pending.set(hash, request);
    known.then(
      (stored) => {
        if (stored !== null) request.resolve(stored);
        else if (this.isStopped) request.reject(shuttingDown());
        else this.scheduler.add(request);
      },
      (cause: unknown) => {
        request.reject(new Error('The stored masks could not be read', { cause }));
      },
    );
    const remove = () => this.pending.delete(hash);
    request.ended.then(remove, remove);
    return request;
  }

  /**
   * Waits for a request on behalf of a client.
   * @param signal aborted when the client does not wait any more
   * @returns null where it has not ended after `waitMs`. The work then goes on with a lower priority.
   */
  async wait(
    request: InFlightRequest<Requested, Stored>,
    waitMs: number,
    signal?: AbortSignal,
  ): Promise<Stored | null> {
    request.isRequested = true;
    // A client that polls does not count as waiting; the request keeps its place in the queue.
    const waiter = waitMs > 0 ? 1 : 0;
    request.waiting += waiter;
    this.scheduler.updatePriority(request);
    try {
      const stored = (await request.known) ?? (await waitAtMost(request.ended, waitMs, signal));
      signal?.throwIfAborted();
      return stored;
    } finally {
      request.waiting -= waiter;
      this.scheduler.updatePriority(request);
    }
  }

  /** Carries out a request whose turn has come; never rejects. */
  async run(request: InFlightRequest<Requested, Stored>): Promise<void> {
    try {
      request.resolve(await this.handler.run(request.record, () => this.scheduler.waitForTurn(request)));
    } catch (error) {
      await this.fail(request, error);
    }
  }

  /** From now on no request begins, and failures are not stored, as the shutdown causes them. */
  stop(): void {
    this.isStopped = true;
  }

  async onSettled(): Promise<void> {
    await Promise.allSettled([...this.pending.values()].map(({ ended }) => ended));
  }

  private async fail(request: InFlightRequest<Requested, Stored>, error: unknown): Promise<void> {
    if (this.isStopped) {
      request.reject(shuttingDown());
      return;
    }
    // A wrong request is not stored: it will never succeed, so there is nothing to retry.
    if (error instanceof FigseekError && error.code === 'BAD_USER_INPUT') {
      request.reject(error);
      return;
    }
    try {
      request.resolve(await this.handler.saveFailure(request.record, describeFailure(error)));
    } catch (cause) {
      request.reject(new Error('A failure could not be stored', { cause }));
    }
  }
}

export function shuttingDown(): FigseekError {
  return new FigseekError('MODEL_UNAVAILABLE', 'The server is shutting down');
}

export function isToRetry({ outcome }: StoredOutcome): boolean {
  return outcome.status === 'FAILED' && Date.now() - outcome.at.getTime() >= retryAfterMs;
}

/** The reason that clients read. An unexpected error is logged and its message is not shown. */
function describeFailure(error: unknown): string {
  if (error instanceof FigseekError) return error.message;
  console.error(`A mask could not be made: ${messageOf(error)}`);
  return 'The mask could not be made; the server’s log says more';
}

async function waitAtMost<Result>(ended: Promise<Result>, ms: number, signal?: AbortSignal): Promise<Result | null> {
  const finished = new AbortController();
  const signals = signal === undefined ? [finished.signal] : [finished.signal, signal];
  const limit = delay(ms, null, { signal: AbortSignal.any(signals) }).catch(() => null);
  return Promise.race([ended, limit]).finally(() => {
    finished.abort();
  });
}
