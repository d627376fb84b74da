import { setTimeout as delay } from 'node:timers/promises';
import { FigseekError, messageOf } from '../domain/errors.js';
import type { Panel } from '../domain/figure.js';
import { maskIdOf, maskParts, type Mask, type MaskOutcome } from '../domain/mask.js';
import type { FigureReader } from '../store/repositories/figure-reader.js';
import {
  isMaskOf,
  type MaskRecord,
  type MaskRepository,
  type StoredMask,
} from '../store/repositories/mask.repository.js';
import { Flight } from './flight.js';
import type { MaskMaker, MaskQuestion } from './mask-maker.js';
import { MaskTurns } from './mask-turns.js';

/** A mask that failed is tried again after this, and not before: what kills the model must not kill it at every poll. */
const retryAfterMs = 60_000;

/** Masks on demand: each is made once, by whoever asks first, and kept. */
export class Masks {
  private readonly flights = new Map<string, Flight>();
  private readonly turns = new MaskTurns((flight) => this.perform(flight));
  private closed = false;

  constructor(
    private readonly maker: Pick<MaskMaker, 'record' | 'draw' | 'close'>,
    private readonly store: Pick<MaskRepository, 'byHashes' | 'saveDrawn' | 'saveFailed'>,
    private readonly figures: Pick<FigureReader, 'panelsByIds' | 'figuresByIds'>,
  ) {}

  /**
   * A mask, or what is known of it after `waitMs`; the work goes on, behind that for which people wait.
   * @param signal aborted where nobody waits any more
   * @throws {FigseekError} BAD_USER_INPUT, RATE_LIMITED, and MODEL_UNAVAILABLE where no segmenter is there
   */
  async ask(question: MaskQuestion, waitMs: number, signal?: AbortSignal): Promise<Mask> {
    const record = await this.maker.record(question);
    signal?.throwIfAborted();
    const flight = this.flightFor(record, () => this.store.byHashes([record.hash]));
    flight.asked = true;
    // Who only looks does not wait, and keeps the place of the last look.
    const waiter = waitMs > 0 ? 1 : 0;
    flight.waiting += waiter;
    this.turns.wantedOtherwise(flight);
    try {
      const stored = (await flight.known) ?? (await within(flight.ended, waitMs, signal));
      signal?.throwIfAborted();
      return maskInFlight(question.panel, flight, stored);
    } finally {
      flight.waiting -= waiter;
      this.turns.wantedOtherwise(flight);
    }
  }

  /**
   * Begins masks that a job wants, or joins those who wait for them.
   * @returns in their order; each is to be released where the job ends before it
   * @throws {FigseekError} BAD_USER_INPUT, RATE_LIMITED, and MODEL_UNAVAILABLE where no segmenter is there
   */
  async beginJob(questions: readonly MaskQuestion[]): Promise<readonly Flight[]> {
    const giveBack = this.turns.reserve(questions.length);
    try {
      const records: MaskRecord[] = [];
      for (const question of questions) records.push(await this.maker.record(question));
      const stored = this.store.byHashes(records.map(({ hash }) => hash));
      const flights = records.map((record) => this.flightFor(record, () => stored));
      for (const flight of flights) flight.jobs += 1;
      // Until they stand in the queue.
      await Promise.all(flights.map(({ known }) => known));
      return flights;
    } finally {
      giveBack();
    }
  }

  /** A job does not want it any more: where nobody else does, it is not made; one that is under way is. */
  release(flight: Flight): void {
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
      return mask === undefined ? null : maskOf(panel, mask, mask.outcome);
    });
  }

  /** What waits or runs fails with MODEL_UNAVAILABLE and is not kept. */
  async close(): Promise<void> {
    this.closed = true;
    this.turns.close(shuttingDown());
    await this.maker.close();
    await Promise.allSettled([...this.flights.values()].map(({ ended }) => ended));
  }

  private flightFor(record: MaskRecord, stored: () => Promise<ReadonlyMap<string, StoredMask>>): Flight {
    const { hash } = record;
    const underWay = this.flights.get(hash);
    if (underWay !== undefined) return underWay;
    const known = stored().then((all) => {
      const mask = all.get(hash);
      return mask === undefined || isToRetry(mask) ? null : mask;
    });
    const flight = new Flight(record, known);
    this.flights.set(hash, flight);
    known.then(
      (mask) => {
        if (mask !== null) flight.resolve(mask);
        else if (this.closed) flight.reject(shuttingDown());
        else this.turns.add(flight);
      },
      (cause: unknown) => {
        flight.reject(new Error('A mask could not be looked up', { cause }));
      },
    );
    const land = () => this.flights.delete(hash);
    flight.ended.then(land, land);
    return flight;
  }

  private async perform(flight: Flight): Promise<void> {
    try {
      const { record, drawn } = await this.maker.draw(flight.record, () => this.turns.before(flight));
      flight.resolve(await this.store.saveDrawn(record, drawn));
    } catch (error) {
      await this.fail(flight, error);
    }
  }

  private async fail(flight: Flight, error: unknown): Promise<void> {
    if (this.closed) {
      flight.reject(shuttingDown());
      return;
    }
    // The question was wrong, and will be as wrong in a minute: there is nothing to keep.
    if (error instanceof FigseekError && error.code === 'BAD_USER_INPUT') {
      flight.reject(error);
      return;
    }
    try {
      flight.resolve(await this.store.saveFailed(flight.record, reasonOf(error)));
    } catch (cause) {
      flight.reject(new Error('A failure could not be kept', { cause }));
    }
  }
}

function shuttingDown(): FigseekError {
  return new FigseekError('MODEL_UNAVAILABLE', 'The server is shutting down');
}

function isToRetry({ outcome }: StoredMask): boolean {
  return outcome.status === 'FAILED' && Date.now() - outcome.at.getTime() >= retryAfterMs;
}

/** Of a surprise people see no more than that it was one. */
function reasonOf(error: unknown): string {
  if (error instanceof FigseekError) return error.message;
  console.error(`A mask could not be made: ${messageOf(error)}`);
  return 'The mask could not be made; the server’s log says more';
}

async function within(ended: Promise<StoredMask>, ms: number, signal?: AbortSignal): Promise<StoredMask | null> {
  const over = new AbortController();
  const signals = signal === undefined ? [over.signal] : [over.signal, signal];
  const limit = delay(ms, null, { signal: AbortSignal.any(signals) }).catch(() => null);
  return Promise.race([ended, limit]).finally(() => {
    over.abort();
  });
}

/** A mask as it stands for a panel, which is that of its picture. */
export function maskOf(
  { id: panelId }: Pick<Panel, 'id'>,
  { hash, model, prompt, imageType }: Pick<StoredMask, 'hash' | 'model' | 'prompt' | 'imageType'>,
  outcome: MaskOutcome | null,
): Mask {
  return { id: maskIdOf(hash, panelId), hash, panelId, prompt, imageType, model, outcome };
}

/**
 * The same for one that is asked for.
 * @param stored null while it is being made; by another segmenter where that has replaced the one that was asked
 */
function maskInFlight(panel: Panel, { record: { hash, model, key } }: Flight, stored: StoredMask | null): Mask {
  const { prompt, imageType } = key;
  return stored === null
    ? maskOf(panel, { hash, model, prompt, imageType }, null)
    : maskOf(panel, stored, stored.outcome);
}
