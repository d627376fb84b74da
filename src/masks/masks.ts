import type { Panel } from '../domain/figure.js';
import { maskIdOf, maskParts, type Mask, type MaskOutcome } from '../domain/mask.js';
import type { FigureStore } from '../ports/figure-store.js';
import { isMaskOf, type MaskRecord, type MaskRepository, type StoredMask } from '../adapters/sqlite/mask.repository.js';
import type { InFlightRequest } from './scheduling/in-flight-request.js';
import { SingleFlight, isToRetry, shuttingDown } from './scheduling/single-flight.js';
import type { MaskGenerator, MaskRequest } from './mask-generator.js';
import type { MaskScheduler } from './scheduling/mask-scheduler.js';

export type MaskFlight = InFlightRequest<MaskRecord, StoredMask>;

/** Masks on demand: each is made once, by whoever asks first, and kept. */
export class Masks {
  private readonly flights: SingleFlight<MaskRecord, StoredMask>;

  constructor(
    private readonly maker: Pick<MaskGenerator, 'keyFor' | 'generate' | 'close'>,
    private readonly store: Pick<MaskRepository, 'byHashes' | 'saveDrawn' | 'saveFailed'>,
    private readonly figures: Pick<FigureStore, 'panelsByIds' | 'figuresByIds'>,
    private readonly turns: MaskScheduler,
  ) {
    this.flights = new SingleFlight(turns, {
      make: async (asked, turn) => {
        const { record, drawn } = await maker.generate(asked, turn);
        return store.saveDrawn(record, drawn);
      },
      saveFailure: (asked, reason) => store.saveFailed(asked, reason),
    });
  }

  /**
   * A mask, or what is known of it after `waitMs`; the work goes on, behind that for which people wait.
   * @param signal aborted where nobody waits any more
   * @throws {FigseekError} BAD_USER_INPUT, RATE_LIMITED, and MODEL_UNAVAILABLE where no segmenter is there
   */
  async ask(question: MaskRequest, waitMs: number, signal?: AbortSignal): Promise<Mask> {
    const record = await this.maker.keyFor(question);
    signal?.throwIfAborted();
    const flight = this.flightFor(record, () => this.store.byHashes([record.hash]));
    return maskInFlight(question.panel, flight, await this.flights.wait(flight, waitMs, signal));
  }

  /**
   * Begins masks that a job wants, or joins those who wait for them.
   * @returns in their order; each is to be released where the job ends before it
   * @throws {FigseekError} BAD_USER_INPUT, RATE_LIMITED, and MODEL_UNAVAILABLE where no segmenter is there
   */
  async beginJob(questions: readonly MaskRequest[]): Promise<readonly MaskFlight[]> {
    const giveBack = this.turns.reserve(questions.length);
    try {
      const records: MaskRecord[] = [];
      for (const question of questions) records.push(await this.maker.keyFor(question));
      const stored = this.store.byHashes(records.map(({ hash }) => hash));
      const flights = records.map((record) => this.flightFor(record, () => stored));
      for (const flight of flights) flight.jobs += 1;
      try {
        // Until they stand in the queue.
        await Promise.all(flights.map(({ known }) => known));
      } catch (error) {
        for (const flight of flights) this.release(flight);
        throw error;
      }
      return flights;
    } finally {
      giveBack();
    }
  }

  /** A job does not want it any more: where nobody else does, it is not made; one that is under way is. */
  release(flight: MaskFlight): void {
    flight.jobs -= 1;
    this.turns.wantedOtherwise(flight);
  }

  /** A mask by its id; null where there is none, or where its panel is not there as it was. */
  async find(id: string): Promise<Mask | null> {
    const [found] = await this.findMany([id]);
    return found ?? null;
  }

  /** As `find`, of each id. */
  async findMany(ids: readonly string[]): Promise<readonly (Mask | null)[]> {
    const parts = ids.map(maskParts);
    const known = parts.filter((one) => one !== null);
    const panels = await this.figures.panelsByIds(known.map(({ panelId }) => panelId));
    const figures = await this.figures.figuresByIds([...panels.values()].map(({ figureId }) => figureId));
    const stored = await this.store.byHashes(known.map(({ hash }) => hash));
    return parts.map((one) => {
      const panel = one === null ? undefined : panels.get(one.panelId);
      const figure = panel && figures.get(panel.figureId);
      if (one === null || panel === undefined || figure === undefined) return null;
      const mask = stored.get(one.hash);
      const flight = this.flights.get(one.hash);
      const of = mask ?? flight?.record.key;
      if (of === undefined || !isMaskOf(of, figure.imageHash, panel.box)) return null;
      // One that is tried again is told as such.
      if (flight !== undefined && (mask === undefined || isToRetry(mask))) return maskInFlight(panel, flight, null);
      return mask === undefined ? null : maskOf(panel, mask);
    });
  }

  /** What waits or runs fails with MODEL_UNAVAILABLE and is not kept. */
  async close(): Promise<void> {
    this.flights.stop();
    this.turns.close(shuttingDown());
    await this.maker.close();
    await this.flights.onSettled();
  }

  private flightFor(record: MaskRecord, stored: () => Promise<ReadonlyMap<string, StoredMask>>): MaskFlight {
    return this.flights.of(record, async () => (await stored()).get(record.hash));
  }
}

/** A mask as it stands for a panel, which is that of its picture. */
export function maskOf({ id: panelId }: Pick<Panel, 'id'>, mask: StoredMask): Mask {
  const { hash, model, prompt, imageType, isRecognised, outcome } = mask;
  return { id: maskIdOf(hash, panelId), hash, panelId, prompt, imageType, model, isRecognised, outcome };
}

/** One by its prompt that is not drawn: it is being made, or was given up. */
export function maskWithout(
  { id: panelId }: Pick<Panel, 'id'>,
  { hash, model, prompt, imageType }: Pick<StoredMask, 'hash' | 'model' | 'prompt' | 'imageType'>,
  outcome: Exclude<MaskOutcome, { readonly status: 'READY' }> | null,
): Mask {
  return { id: maskIdOf(hash, panelId), hash, panelId, prompt, imageType, model, isRecognised: false, outcome };
}

/**
 * The same for one that is asked for.
 * @param stored null while it is being made; by another segmenter where that has replaced the one that was asked
 */
function maskInFlight(panel: Panel, { record: { hash, model, key } }: MaskFlight, stored: StoredMask | null): Mask {
  const { prompt, imageType } = key;
  return stored === null ? maskWithout(panel, { hash, model, prompt, imageType }, null) : maskOf(panel, stored);
}
