import { setTimeout as delay } from 'node:timers/promises';

/** The least time between two events, as many masks of a job may end at the same time. */
const minIntervalMs = 250;

/**
 * The states of a job: the present one at once, then one after changes. Changes in quick succession give one state. The
 * stream ends with the job.
 */
export class JobProgressStream<Job> implements AsyncIterableIterator<Job> {
  private readonly closing = new AbortController();
  private isChanged = true;
  private lastEventAt = -Infinity;
  private wake: (() => void) | null = null;

  /**
   * @param read gives the present state
   * @param hasEnded whether a state is the last one
   * @param onClose called once, after the last event
   */
  constructor(
    private readonly read: () => Job,
    private readonly hasEnded: (job: Job) => boolean,
    onClose: (stream: JobProgressStream<Job>) => void,
  ) {
    this.closing.signal.addEventListener('abort', () => {
      this.wake?.();
      onClose(this);
    });
  }

  /** To be called after a change of the job. */
  notify(): void {
    this.isChanged = true;
    this.wake?.();
  }

  async next(): Promise<IteratorResult<Job, undefined>> {
    const { signal } = this.closing;
    while (!this.isChanged && !signal.aborted) await new Promise<void>((resolve) => (this.wake = resolve));
    const pause = this.lastEventAt + minIntervalMs - performance.now();
    if (pause > 0) await delay(pause, undefined, { signal, ref: false }).catch(() => undefined);
    if (signal.aborted) return { done: true, value: undefined };
    this.isChanged = false;
    this.lastEventAt = performance.now();
    const value = this.read();
    if (this.hasEnded(value)) this.closing.abort();
    return { done: false, value };
  }

  return(): Promise<IteratorResult<Job, undefined>> {
    this.closing.abort();
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
