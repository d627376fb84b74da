import type { Atlas } from '../domain/atlas.js';
import { messageOf } from '../domain/errors.js';

/** Making one map in the background. */
export class AtlasJob {
  private share = 0;
  private failureMessage: string | null = null;
  private isDone = false;
  private readonly controller = new AbortController();
  /** Resolves with the map; null where it was cancelled or failed. */
  readonly ended: Promise<Atlas | null>;

  constructor(
    readonly space: string,
    make: (onProgress: (share: number) => void, signal: AbortSignal) => Promise<Atlas>,
  ) {
    const onProgress = (share: number): void => {
      this.share = Math.max(this.share, share);
    };
    this.ended = make(onProgress, this.controller.signal)
      .catch((error: unknown) => {
        if (!this.controller.signal.aborted) this.failureMessage = messageOf(error);
        return null;
      })
      .finally(() => {
        this.isDone = true;
      });
  }

  /** 0..1; null after its end. */
  get progress(): number | null {
    return this.isDone ? null : this.share;
  }

  /** Why it failed; null where it did not. */
  get failure(): string | null {
    return this.failureMessage;
  }

  cancel(): void {
    this.controller.abort(new Error('The making of the map was cancelled'));
  }
}
