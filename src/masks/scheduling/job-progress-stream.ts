import { setTimeout as delay } from 'node:timers/promises';

/** Time between two events at least: masks of a job may end in a burst. */
const pauseMs = 250;

/**
 * Tells of a job as it changes: at once as it stands, then after changes, several in one where they come together. It
 * ends with the job.
 */
export class JobProgressStream<Job> implements AsyncIterableIterator<Job> {
  private readonly closing = new AbortController();
  private isChanged = true;
  private toldAt = -Infinity;
  private wake: (() => void) | null = null;

  /**
   * @param read the job as it stands
   * @param hasEnded whether it cannot change any more
   * @param onClose called once, when it tells no more
   */
  constructor(
    private readonly read: () => Job,
    private readonly hasEnded: (job: Job) => boolean,
    onClose: (watch: JobProgressStream<Job>) => void,
  ) {
    this.closing.signal.addEventListener('abort', () => {
      this.wake?.();
      onClose(this);
    });
  }

  changed(): void {
    this.isChanged = true;
    this.wake?.();
  }

  async next(): Promise<IteratorResult<Job, undefined>> {
    const { signal } = this.closing;
    while (!this.isChanged && !signal.aborted) await new Promise<void>((resolve) => (this.wake = resolve));
    const pause = this.toldAt + pauseMs - performance.now();
    if (pause > 0) await delay(pause, undefined, { signal, ref: false }).catch(() => undefined);
    if (signal.aborted) return { done: true, value: undefined };
    this.isChanged = false;
    this.toldAt = performance.now();
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
