import type { MaskRecord, StoredMask } from '../store/repositories/mask.repository.js';
import type { Lane } from './mask-queue.js';

/** A mask that is looked up or made: all who ask for it meanwhile share it. */
export class Flight {
  /** People who wait for it now. */
  waiting = 0;
  /** Whether a person asked for it, who may ask again. */
  asked = false;
  /** Jobs that want it. */
  jobs = 0;
  readonly ended: Promise<StoredMask>;
  private settle: { resolve(stored: StoredMask): void; reject(error: Error): void } | null = null;

  /** @param known what is stored already, else null */
  constructor(
    readonly record: MaskRecord,
    readonly known: Promise<StoredMask | null>,
  ) {
    this.ended = new Promise((resolve, reject) => {
      this.settle = { resolve, reject };
    });
  }

  /** Masks of one picture share its features in the model. */
  get picture(): string {
    const { imageHash, box } = this.record.key;
    return `${imageHash} ${box.x} ${box.y} ${box.width} ${box.height}`;
  }

  /** Null where nobody wants it any more. */
  get lane(): Lane | null {
    if (this.waiting > 0) return 'waited';
    if (this.asked) return 'asked';
    return this.jobs > 0 ? 'bulk' : null;
  }

  resolve(stored: StoredMask): void {
    this.settle?.resolve(stored);
  }

  reject(error: Error): void {
    this.settle?.reject(error);
  }
}
