import type { DetectionRecord, DetectionRepository, StoredDetection } from '../adapters/sqlite/detection.repository.js';
import { SingleFlight } from './scheduling/single-flight.js';
import type { MaskScheduler } from './scheduling/mask-scheduler.js';
import type { DetectionGenerator, DetectionRequest } from './detection-generator.js';

/** What is known of a recognition; `outcome` is null while it is being made. */
export type Detection = Pick<StoredDetection, 'imageType'> & {
  readonly outcome: StoredDetection['outcome'] | null;
};

/** All objects of an image type that are in a picture, on demand: looked for once, and kept. Its turns are those of masks. */
export class DetectionService {
  private readonly flights: SingleFlight<DetectionRecord, StoredDetection>;

  constructor(
    private readonly maker: Pick<DetectionGenerator, 'keyFor' | 'generate'>,
    private readonly store: Pick<DetectionRepository, 'byHash' | 'saveDrawn' | 'saveFailed'>,
    turns: MaskScheduler,
  ) {
    this.flights = new SingleFlight(turns, {
      make: async (asked, turn) => {
        const { record, objects } = await maker.generate(asked, turn);
        return store.saveDrawn(record, objects);
      },
      saveFailure: (asked, reason) => store.saveFailed(asked, reason),
    });
  }

  /**
   * A recognition, or what is known of it after `waitMs`; the work goes on, behind that for which people wait.
   * @param signal aborted where nobody waits any more
   * @throws {FigseekError} BAD_USER_INPUT, RATE_LIMITED, and MODEL_UNAVAILABLE where no segmenter is there
   */
  async ask(question: DetectionRequest, waitMs: number, signal?: AbortSignal): Promise<Detection> {
    const record = await this.maker.keyFor(question);
    signal?.throwIfAborted();
    const flight = this.flights.of(record, () => this.store.byHash(record.hash));
    const stored = await this.flights.wait(flight, waitMs, signal);
    return stored ?? { imageType: record.key.imageType, outcome: null };
  }

  /** What waits or runs fails with MODEL_UNAVAILABLE and is not kept; the segmenter is ended by `Masks`. */
  async close(): Promise<void> {
    this.flights.stop();
    await this.flights.onSettled();
  }
}
