import type {
  RecognitionRecord,
  RecognitionRepository,
  StoredRecognition,
} from '../adapters/sqlite/recognition.repository.js';
import { Flights } from './scheduling/single-flight.js';
import type { MaskTurns } from './scheduling/mask-scheduler.js';
import type { RecognitionMaker, RecognitionQuestion } from './recognition-maker.js';

/** What is known of a recognition; `outcome` is null while it is being made. */
export type Recognition = Pick<StoredRecognition, 'imageType'> & {
  readonly outcome: StoredRecognition['outcome'] | null;
};

/** All objects of an image type that are in a picture, on demand: looked for once, and kept. Its turns are those of masks. */
export class Recognitions {
  private readonly flights: Flights<RecognitionRecord, StoredRecognition>;

  constructor(
    private readonly maker: Pick<RecognitionMaker, 'record' | 'draw'>,
    private readonly store: Pick<RecognitionRepository, 'byHash' | 'saveDrawn' | 'saveFailed'>,
    turns: MaskTurns,
  ) {
    this.flights = new Flights(turns, {
      make: async (asked, turn) => {
        const { record, objects } = await maker.draw(asked, turn);
        return store.saveDrawn(record, objects);
      },
      keepFailure: (asked, reason) => store.saveFailed(asked, reason),
    });
  }

  /**
   * A recognition, or what is known of it after `waitMs`; the work goes on, behind that for which people wait.
   * @param signal aborted where nobody waits any more
   * @throws {FigseekError} BAD_USER_INPUT, RATE_LIMITED, and MODEL_UNAVAILABLE where no segmenter is there
   */
  async ask(question: RecognitionQuestion, waitMs: number, signal?: AbortSignal): Promise<Recognition> {
    const record = await this.maker.record(question);
    signal?.throwIfAborted();
    const flight = this.flights.of(record, () => this.store.byHash(record.hash));
    const stored = await this.flights.wait(flight, waitMs, signal);
    return stored ?? { imageType: record.key.imageType, outcome: null };
  }

  /** What waits or runs fails with MODEL_UNAVAILABLE and is not kept; the segmenter is ended by `Masks`. */
  async close(): Promise<void> {
    this.flights.stop();
    await this.flights.landed();
  }
}
