import type { Box } from '../../domain/figure.js';
import type { MaskPriority } from './mask-queue.js';

/** What is asked of the segmenter: which picture, and under which name its answer is kept. */
export interface Asked {
  readonly hash: string;
  readonly key: { readonly imageHash: string; readonly box: Box };
}

/** Who does the work of a flight. */
interface TaskRunner<Question extends Asked, Made> {
  /** Does the work and ends the flight; never rejects. */
  run(flight: InFlightRequest<Question, Made>): Promise<void>;
}

/** Work of the segmenter that is looked up or done: all who ask for it meanwhile share it. */
export class InFlightRequest<Question extends Asked = Asked, Made = unknown> {
  /** People who wait for it now. */
  waiting = 0;
  /** Whether a person asked for it, who may ask again. */
  asked = false;
  /** Jobs that want it. */
  jobs = 0;
  readonly ended: Promise<Made>;
  private settle: { resolve(made: Made): void; reject(error: Error): void } | null = null;

  /** @param known what is kept already, else null */
  constructor(
    readonly record: Question,
    readonly known: Promise<Made | null>,
    private readonly performer: TaskRunner<Question, Made>,
  ) {
    this.ended = new Promise((resolve, reject) => {
      this.settle = { resolve, reject };
    });
  }

  /** Prompts on one picture share its features in the model. */
  get picture(): string {
    const { imageHash, box } = this.record.key;
    return `${imageHash} ${box.x} ${box.y} ${box.width} ${box.height}`;
  }

  /** Null where nobody wants it any more. */
  get lane(): MaskPriority | null {
    if (this.waiting > 0) return 'waited';
    if (this.asked) return 'asked';
    return this.jobs > 0 ? 'bulk' : null;
  }

  /** Its turn has come. */
  run(): Promise<void> {
    return this.performer.run(this);
  }

  resolve(made: Made): void {
    this.settle?.resolve(made);
  }

  reject(error: Error): void {
    this.settle?.reject(error);
  }
}
