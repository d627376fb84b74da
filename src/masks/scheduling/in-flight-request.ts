import type { Box } from '../../domain/figure.js';
import type { MaskPriority } from './mask-queue.js';

/** What is requested of the segmenter: the part of an image, and the hash under which the result is stored. */
export interface RequestRecord {
  readonly hash: string;
  readonly key: { readonly imageHash: string; readonly box: Box };
}

interface RequestRunner<Requested extends RequestRecord, Stored> {
  /** Does the work and ends the request; never rejects. */
  run(request: InFlightRequest<Requested, Stored>): Promise<void>;
}

/** A request to the segmenter that has not ended. All clients that make the same request share it. */
export class InFlightRequest<Requested extends RequestRecord = RequestRecord, Stored = unknown> {
  /** Number of clients that wait for it now. */
  waiting = 0;
  /** Whether a client requested it, which may poll for it. */
  isRequested = false;
  /** Number of jobs that want it. */
  jobs = 0;
  readonly ended: Promise<Stored>;
  private settle: { resolve(stored: Stored): void; reject(error: Error): void } | null = null;

  /** @param known what is stored already, else null */
  constructor(
    readonly record: Requested,
    readonly known: Promise<Stored | null>,
    private readonly runner: RequestRunner<Requested, Stored>,
  ) {
    this.ended = new Promise((resolve, reject) => {
      this.settle = { resolve, reject };
    });
  }

  /** Equal for requests on the same part of an image, whose features the model computes once. */
  get imageKey(): string {
    const { imageHash, box } = this.record.key;
    return `${imageHash} ${box.x} ${box.y} ${box.width} ${box.height}`;
  }

  /** Null where nobody wants it any more. */
  get priority(): MaskPriority | null {
    if (this.waiting > 0) return 'interactive';
    if (this.isRequested) return 'background';
    return this.jobs > 0 ? 'batch' : null;
  }

  /** To be called when its turn has come. */
  run(): Promise<void> {
    return this.runner.run(this);
  }

  resolve(stored: Stored): void {
    this.settle?.resolve(stored);
  }

  reject(error: Error): void {
    this.settle?.reject(error);
  }
}
