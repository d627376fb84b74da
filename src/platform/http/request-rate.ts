import { setTimeout as wait } from 'node:timers/promises';

const windowMs = 1000;

/**
 * Keeps to a number of requests a second, also for requests that go on at the same time. A place is free again one second
 * after its answer has begun, not after its request was sent: so the server too counts no more than the limit in any
 * second, however long a request was on its way.
 */
export class RequestRate {
  /** When each free place may be taken, the earliest first. */
  private readonly freeAt: number[];
  /** Called when a place is given back; null where nobody waits for one. */
  private onFree: (() => void) | null = null;
  private turn: Promise<void> = Promise.resolve();
  private pausedUntil = 0;

  /** @param perSecond a whole number from 1 */
  constructor(perSecond: number) {
    this.freeAt = Array.from({ length: perSecond }, () => 0);
  }

  /** Runs `send` once a place is free, in the order of the calls. @param send ends where the answer begins, or fails */
  async run<Answer>(send: () => Promise<Answer>, signal?: AbortSignal): Promise<Answer> {
    const taken = this.turn.then(() => this.take(signal));
    this.turn = taken.catch(() => undefined);
    await taken;
    try {
      return await send();
    } finally {
      this.freeAt.push(performance.now() + windowMs);
      this.onFree?.();
    }
  }

  /** Nothing is sent for a while: a server that asks one request to wait means all of them. */
  pause(ms: number): void {
    this.pausedUntil = Math.max(this.pausedUntil, performance.now() + ms);
  }

  /** Calls come one after the other. @throws {Error} where the signal is aborted; no place is taken then */
  private async take(signal: AbortSignal | undefined): Promise<void> {
    while (this.freeAt.length === 0) await new Promise<void>((free) => (this.onFree = free));
    this.onFree = null;
    for (;;) {
      signal?.throwIfAborted();
      const leftMs = Math.max(this.freeAt[0] ?? 0, this.pausedUntil) - performance.now();
      if (leftMs < 0) break;
      // Timers may end a little early.
      await wait(Math.ceil(leftMs) + 1, undefined, signal === undefined ? {} : { signal });
    }
    this.freeAt.shift();
  }
}
