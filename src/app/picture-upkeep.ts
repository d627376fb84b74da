import type { PictureMatching } from '../corpus/pictures/picture-matching.js';
import { messageOf } from '../domain/errors.js';

const looksAfterFailure = 30;

/**
 * Compares new pictures with all others beside the server's other work, and makes the signatures that an older corpus lacks.
 * It looks for work from time to time, since other processes add figures too.
 */
export class PictureUpkeep {
  private timer: NodeJS.Timeout | null = null;
  private running: Promise<void> | null = null;
  private readonly end = new AbortController();
  private isFailing = false;
  /** Looks that were left out since something failed. */
  private leftOut = 0;

  constructor(private readonly matching: Pick<PictureMatching, 'run'>) {}

  /** Looks for work from time to time, until it is closed. */
  watch(everyMs: number): void {
    this.timer = setInterval(() => void this.look(), everyMs);
    this.timer.unref();
  }

  /** Does what there is to do; a call meanwhile joins it. What fails is told once, and tried again. */
  poll(): Promise<void> {
    this.running ??= this.work().finally(() => (this.running = null));
    return this.running;
  }

  /** Ends with the pictures in hand; the next start goes on. */
  async close(): Promise<void> {
    if (this.timer !== null) clearInterval(this.timer);
    this.end.abort();
    await this.running;
  }

  /** What failed is tried again after some time only: an image whose reading takes too long would take a core for good. */
  private async look(): Promise<void> {
    if (this.isFailing && this.running === null) {
      this.leftOut = (this.leftOut + 1) % looksAfterFailure;
      if (this.leftOut !== 0) return;
    }
    await this.poll();
  }

  private async work(): Promise<void> {
    if (this.end.signal.aborted) return;
    await this.matching.run({ signal: this.end.signal }).then(
      () => (this.isFailing = false),
      (error: unknown) => {
        this.complain(error);
      },
    );
  }

  private complain(error: unknown): void {
    if (!this.end.signal.aborted && !this.isFailing) {
      console.error(`New pictures were not compared with others yet: ${messageOf(error)}`);
    }
    this.isFailing = true;
  }
}
