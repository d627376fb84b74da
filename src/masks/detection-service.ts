import type { DetectionRecord, StoredDetection } from '../domain/detection.js';
import type { DetectionStore } from '../ports/detection-store.js';
import type { DetectionGenerator, DetectionRequest } from './detection-generator.js';
import type { MaskScheduler } from './scheduling/mask-scheduler.js';
import { SingleFlight } from './scheduling/single-flight.js';

/** What is known of a detection; `outcome` is null while it is being made. */
export type Detection = Pick<StoredDetection, 'imageType'> & {
  readonly outcome: StoredDetection['outcome'] | null;
};

/**
 * All objects of an image type in a panel, on demand: equal requests share one computation, and its result is stored. It
 * shares the scheduler of masks.
 */
export class DetectionService {
  private readonly inFlight: SingleFlight<DetectionRecord, StoredDetection>;

  constructor(
    private readonly generator: Pick<DetectionGenerator, 'keyFor' | 'generate'>,
    private readonly store: DetectionStore,
    scheduler: MaskScheduler,
  ) {
    this.inFlight = new SingleFlight(scheduler, {
      run: async (requested, waitForTurn) => {
        const { record, objects } = await generator.generate(requested, waitForTurn);
        return store.saveDrawn(record, objects);
      },
      saveFailure: (requested, reason) => store.saveFailed(requested, reason),
    });
  }

  /**
   * A detection, or what is known of it after `waitMs`. The work then goes on with a lower priority.
   * @param signal aborted when the client does not wait any more
   * @throws {FigseekError} BAD_USER_INPUT, RATE_LIMITED, and MODEL_UNAVAILABLE where there is no segmenter
   */
  async request(request: DetectionRequest, waitMs: number, signal?: AbortSignal): Promise<Detection> {
    const record = await this.generator.keyFor(request);
    signal?.throwIfAborted();
    const detection = this.inFlight.join(record, () => this.store.byHash(record.hash));
    const stored = await this.inFlight.wait(detection, waitMs, signal);
    return stored ?? { imageType: record.key.imageType, outcome: null };
  }

  /** Waiting and running detections fail with MODEL_UNAVAILABLE; these failures are not stored. `Masks` closes the segmenter. */
  async close(): Promise<void> {
    this.inFlight.stop();
    await this.inFlight.onSettled();
  }
}
