import { setTimeout as delay } from 'node:timers/promises';
import { FigseekError, messageOf } from '../domain/errors.js';
import type { Figure, Panel } from '../domain/figure.js';
import { checkedPrompt, maskIdOf, maskParts, type Mask, type MaskOutcome } from '../domain/mask.js';
import { JobQueue, type Job, type Priority } from '../inference/job-queue.js';
import type { FigureReader } from '../store/repositories/figure-reader.js';
import {
  isMaskOf,
  type MaskRecord,
  type MaskRepository,
  type StoredMask,
} from '../store/repositories/mask.repository.js';
import type { MaskMaker } from './mask-maker.js';

type Lane = Extract<Priority, 'interactive' | 'bulk'>;

/** A panel of a figure as it is now, and what to look for in it. */
export interface MaskQuestion {
  readonly panel: Panel;
  readonly figure: Pick<Figure, 'imageHash'>;
  readonly prompt: string;
}

/** A mask that is looked up or made: all who ask for it meanwhile share it. */
export interface Flight {
  readonly record: MaskRecord;
  /** What is stored already, else null. */
  readonly known: Promise<StoredMask | null>;
  readonly ended: Promise<StoredMask>;
}

interface MovingFlight extends Flight {
  lane: Lane;
}

/** People who wait, and masks of `requestMasks`: past these, requests are refused. */
const mostWaiting: Readonly<Record<Lane, number>> = { interactive: 500, bulk: 5000 };
/** One is prepared or read while the model works on another. */
const atOnce = 2;
/** A mask that failed is tried again after this, and not before: what kills the model must not kill it at every poll. */
const retryAfterMs = 60_000;
const shuttingDown = 'The server is shutting down';

/** Masks on demand: each is made once, by whoever asks first, and kept; people go before bulk work. */
export class Masks {
  private readonly flights = new Map<string, MovingFlight>();
  private readonly queue = new JobQueue<MaskRecord, StoredMask>(() => false);
  private readonly waiting = new Map<string, Job<MaskRecord, StoredMask>>();
  private running = 0;
  private closed = false;

  constructor(
    private readonly maker: MaskMaker,
    private readonly store: MaskRepository,
    private readonly figures: FigureReader,
  ) {}

  /**
   * A mask, or what is known of it after `waitMs`; the work goes on.
   * @throws {FigseekError} BAD_USER_INPUT, RATE_LIMITED, and MODEL_UNAVAILABLE where no segmenter is there
   */
  async ask(question: MaskQuestion, waitMs: number): Promise<Mask> {
    const flight = await this.begin(question, 'interactive');
    const stored = (await flight.known) ?? (await within(flight.ended, waitMs));
    return maskInFlight(question.panel, flight, stored);
  }

  /** Begins a mask, or joins those who wait for it. @throws {FigseekError} as `ask`, but for a full queue */
  async begin({ panel, figure, prompt }: MaskQuestion, lane: Lane): Promise<Flight> {
    const { box } = panel;
    const record = await this.maker.record({ imageHash: figure.imageHash, box, prompt: checkedPrompt(prompt) });
    const flight = this.flights.get(record.hash) ?? this.takeOff(record, lane);
    if (lane === 'interactive') this.hasten(flight);
    return flight;
  }

  /** Whether so many masks more may wait in bulk. @throws {FigseekError} RATE_LIMITED */
  refuseTooMany(count: number): void {
    if (this.queue.lengthOf('bulk') + count > mostWaiting.bulk) throw full(this.queue.lengthOf('bulk'));
  }

  /** A mask by its id; null where there is none, or where its panel is not there as it was. */
  async find(id: string): Promise<Mask | null> {
    const parts = maskParts(id);
    const panel = parts && (await this.figures.panel(parts.panelId));
    const figure = panel && (await this.figures.figure(panel.figureId));
    if (parts === null || panel === null || figure === null) return null;
    const flight = this.flights.get(parts.hash);
    const stored = await (flight?.known ?? this.store.byHash(parts.hash));
    if (stored !== null)
      return isMaskOf(stored, figure.imageHash, panel.box) ? maskOf(panel, stored, stored.outcome) : null;
    return flight === undefined ? null : maskInFlight(panel, flight);
  }

  /** What waits or runs fails with MODEL_UNAVAILABLE and is not kept. */
  async close(): Promise<void> {
    this.closed = true;
    for (const job of this.queue.drain()) job.reject(new FigseekError('MODEL_UNAVAILABLE', shuttingDown));
    await this.maker.close();
    await Promise.allSettled([...this.flights.values()].map(({ ended }) => ended));
  }

  private takeOff(record: MaskRecord, lane: Lane): MovingFlight {
    const known = this.lookUp(record);
    const ended = known.then((stored) => stored ?? this.enqueued(record));
    const flight = { record, known, ended, lane };
    this.flights.set(record.hash, flight);
    const land = () => this.flights.delete(record.hash);
    ended.then(land, land);
    return flight;
  }

  private async lookUp({ hash }: MaskRecord): Promise<StoredMask | null> {
    const stored = await this.store.byHash(hash);
    if (stored?.outcome.status !== 'FAILED') return stored;
    return Date.now() - stored.outcome.at.getTime() < retryAfterMs ? stored : null;
  }

  private enqueued(record: MaskRecord): Promise<StoredMask> {
    if (this.closed) throw new FigseekError('MODEL_UNAVAILABLE', shuttingDown);
    const lane = this.flights.get(record.hash)?.lane ?? 'interactive';
    if (this.queue.lengthOf(lane) >= mostWaiting[lane]) throw full(mostWaiting[lane]);
    return new Promise((resolve, reject) => {
      const job = { input: record, priority: lane, resolve, reject, crashes: 0 };
      this.waiting.set(record.hash, job);
      this.queue.add(job);
      this.pump();
    });
  }

  /** Somebody waits now for what only bulk work had asked for. */
  private hasten(flight: MovingFlight): void {
    if (flight.lane === 'interactive') return;
    flight.lane = 'interactive';
    const { hash } = flight.record;
    const job = this.waiting.get(hash);
    if (job === undefined) return;
    const urgent = { ...job, priority: flight.lane };
    this.queue.remove(job);
    this.queue.add(urgent);
    this.waiting.set(hash, urgent);
  }

  private pump(): void {
    while (this.running < atOnce) {
      const [job] = this.queue.takeBatch(() => 1);
      if (job === undefined) return;
      this.waiting.delete(job.input.hash);
      this.running += 1;
      void this.perform(job).finally(() => {
        this.running -= 1;
        this.pump();
      });
    }
  }

  private async perform(job: Job<MaskRecord, StoredMask>): Promise<void> {
    const { input: record } = job;
    try {
      const drawn = await this.maker.draw(record);
      job.resolve(await this.store.saveDrawn(record, drawn));
    } catch (error) {
      if (this.closed) job.reject(new FigseekError('MODEL_UNAVAILABLE', shuttingDown));
      else await this.fail(job, reasonOf(error));
    }
  }

  private async fail(job: Job<MaskRecord, StoredMask>, reason: string): Promise<void> {
    try {
      job.resolve(await this.store.saveFailed(job.input, reason));
    } catch (error) {
      job.reject(new Error('A failure could not be kept', { cause: error }));
    }
  }
}

/** Of a surprise people see no more than that it was one. */
function reasonOf(error: unknown): string {
  if (error instanceof FigseekError) return error.message;
  console.error(`A mask could not be made: ${messageOf(error)}`);
  return 'The mask could not be made; the server’s log says more';
}

function full(waiting: number): FigseekError {
  return new FigseekError('RATE_LIMITED', `${waiting} masks wait for the segmenter; try again in a moment`);
}

async function within(ended: Promise<StoredMask>, ms: number): Promise<StoredMask | null> {
  const over = new AbortController();
  const limit = delay(ms, null, { signal: over.signal }).catch(() => null);
  return Promise.race([ended, limit]).finally(() => {
    over.abort();
  });
}

/** A mask as it stands for a panel, which is that of its picture. */
export function maskOf(
  { id: panelId }: Panel,
  { hash, model, prompt }: Pick<StoredMask, 'hash' | 'model' | 'prompt'>,
  outcome: MaskOutcome | null,
): Mask {
  return { id: maskIdOf(hash, panelId), hash, panelId, prompt, model, outcome };
}

/** The same for one that is asked for. @param stored null while it is being made */
export function maskInFlight(panel: Panel, { record }: Flight, stored: StoredMask | null = null): Mask {
  const { hash, model, key } = record;
  return maskOf(panel, { hash, model, prompt: key.prompt }, stored?.outcome ?? null);
}
