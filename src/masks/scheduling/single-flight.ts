import { setTimeout as delay } from 'node:timers/promises';
import { FigseekError, messageOf } from '../../domain/errors.js';
import { InFlightRequest, type Asked } from './in-flight-request.js';
import type { MaskScheduler } from './mask-scheduler.js';

/** What failed is tried again after this, and not before: what kills the model must not kill it at every poll. */
const retryAfterMs = 60_000;

/** What is kept of a piece of work. */
export interface StoredOutcome {
  readonly outcome: { readonly status: 'READY' } | { readonly status: 'FAILED'; readonly at: Date };
}

/** How a kind of work is done. */
export interface TaskHandler<Question, Made> {
  /** Does it and keeps it. @param turn waited for before the model runs */
  make(question: Question, turn: () => Promise<void>): Promise<Made>;
  saveFailure(question: Question, reason: string): Promise<Made>;
}

/** One kind of work of the segmenter that is under way: the same question is never worked on twice. */
export class SingleFlight<Question extends Asked, Made extends StoredOutcome> {
  private readonly pending = new Map<string, InFlightRequest<Question, Made>>();
  private closed = false;

  constructor(
    private readonly turns: MaskScheduler,
    private readonly trade: TaskHandler<Question, Made>,
  ) {}

  get(hash: string): InFlightRequest<Question, Made> | undefined {
    return this.pending.get(hash);
  }

  /** The one that is under way for a question, or a new one; it stands in the queue, where nothing is kept, once `known` is settled. */
  of(record: Question, kept: () => Promise<Made | undefined>): InFlightRequest<Question, Made> {
    const { hash } = record;
    const already = this.pending.get(hash);
    if (already !== undefined) return already;
    const known = kept().then((made) => (made === undefined || isToRetry(made) ? null : made));
    const flight = new InFlightRequest(record, known, this);
    this.pending.set(hash, flight);
    known.then(
      (made) => {
        if (made !== null) flight.resolve(made);
        else if (this.closed) flight.reject(shuttingDown());
        else this.turns.add(flight);
      },
      (cause: unknown) => {
        flight.reject(new Error('What is kept of a picture could not be looked up', { cause }));
      },
    );
    const land = () => this.pending.delete(hash);
    flight.ended.then(land, land);
    return flight;
  }

  /**
   * For a person: what it gave, or null where it is not done after `waitMs`; the work goes on, behind that for which people wait.
   * @param signal aborted where nobody waits any more
   */
  async wait(flight: InFlightRequest<Question, Made>, waitMs: number, signal?: AbortSignal): Promise<Made | null> {
    flight.asked = true;
    // Who only looks does not wait, and keeps the place of the last look.
    const waiter = waitMs > 0 ? 1 : 0;
    flight.waiting += waiter;
    this.turns.wantedOtherwise(flight);
    try {
      const made = (await flight.known) ?? (await within(flight.ended, waitMs, signal));
      signal?.throwIfAborted();
      return made;
    } finally {
      flight.waiting -= waiter;
      this.turns.wantedOtherwise(flight);
    }
  }

  /** At a flight’s turn. */
  async run(flight: InFlightRequest<Question, Made>): Promise<void> {
    try {
      flight.resolve(await this.trade.make(flight.record, () => this.turns.before(flight)));
    } catch (error) {
      await this.fail(flight, error);
    }
  }

  /** From now on nothing begins, and a failure is not kept: it is that of the end. */
  stop(): void {
    this.closed = true;
  }

  async onSettled(): Promise<void> {
    await Promise.allSettled([...this.pending.values()].map(({ ended }) => ended));
  }

  private async fail(flight: InFlightRequest<Question, Made>, error: unknown): Promise<void> {
    if (this.closed) {
      flight.reject(shuttingDown());
      return;
    }
    // The question was wrong, and will be as wrong in a minute: there is nothing to keep.
    if (error instanceof FigseekError && error.code === 'BAD_USER_INPUT') {
      flight.reject(error);
      return;
    }
    try {
      flight.resolve(await this.trade.saveFailure(flight.record, reasonOf(error)));
    } catch (cause) {
      flight.reject(new Error('A failure could not be kept', { cause }));
    }
  }
}

export function shuttingDown(): FigseekError {
  return new FigseekError('MODEL_UNAVAILABLE', 'The server is shutting down');
}

export function isToRetry({ outcome }: StoredOutcome): boolean {
  return outcome.status === 'FAILED' && Date.now() - outcome.at.getTime() >= retryAfterMs;
}

/** Of a surprise people see no more than that it was one. */
function reasonOf(error: unknown): string {
  if (error instanceof FigseekError) return error.message;
  console.error(`A mask could not be made: ${messageOf(error)}`);
  return 'The mask could not be made; the server’s log says more';
}

async function within<Made>(ended: Promise<Made>, ms: number, signal?: AbortSignal): Promise<Made | null> {
  const over = new AbortController();
  const signals = signal === undefined ? [over.signal] : [over.signal, signal];
  const limit = delay(ms, null, { signal: AbortSignal.any(signals) }).catch(() => null);
  return Promise.race([ended, limit]).finally(() => {
    over.abort();
  });
}
