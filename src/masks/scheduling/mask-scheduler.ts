import { FigseekError } from '../../domain/errors.js';
import type { InFlightRequest } from './in-flight-request.js';
import { MaskQueue, type MaskPriority } from './mask-queue.js';

/** What may wait in each lane: past it, requests are refused. */
const maxWaiting: Readonly<Record<MaskPriority, number>> = { waited: 500, asked: 500, bulk: 5000 };
/** One is prepared or read while the model works on another: for people, and for bulk work while no person wants any. */
const atOnce = 2;

/** Whose turn it is to be made: people before bulk work, in the queue and before the model. */
export class MaskScheduler {
  private readonly queue = new MaskQueue<InFlightRequest>();
  private readonly running = new Set<InFlightRequest>();
  /** Bulk masks that stand before the model. */
  private held: (() => void)[] = [];
  private reserved = 0;
  private closed = false;

  /**
   * Keeps room in bulk while a job is looked up, so that two that come together do not find the same room.
   * @returns gives it back
   * @throws {FigseekError} RATE_LIMITED
   */
  reserve(count: number): () => void {
    const waiting = this.queue.lengthOf('bulk') + this.reserved;
    if (waiting + count > maxWaiting.bulk) throw full(waiting);
    this.reserved += count;
    return () => {
      this.reserved -= count;
    };
  }

  /** Puts a new one where those who want it let it be; it ends with RATE_LIMITED where there is no room. */
  add(flight: InFlightRequest): void {
    this.moveTo(flight.lane, flight);
    this.dispatchNext();
  }

  /** Those who want it have changed. */
  wantedOtherwise(flight: InFlightRequest): void {
    const lane = this.queue.laneOf(flight);
    if (lane !== null && lane !== flight.lane) this.moveTo(flight.lane, flight);
    // Also one that is under way may have changed sides.
    this.wakeHeld();
    this.dispatchNext();
  }

  /** Waits until a mask may go into the model: one of bulk work steps back while people want any. */
  async before(flight: InFlightRequest): Promise<void> {
    const mustWait = () => this.isWantedByPeople() || [...this.running].some(isOfPeople);
    while (!this.closed && !isOfPeople(flight) && mustWait()) {
      await new Promise<void>((resolve) => this.held.push(resolve));
    }
  }

  /** What waits fails; what runs goes on. */
  close(reason: Error): void {
    this.closed = true;
    for (const flight of this.queue.drain()) flight.reject(reason);
    this.wakeHeld();
  }

  private moveTo(lane: MaskPriority | null, flight: InFlightRequest): void {
    const hasRoom = (one: MaskPriority) => this.queue.lengthOf(one) < maxWaiting[one];
    // Without room among those that nobody waits for, what a job wants as well is still made.
    const goal = lane === 'asked' && flight.jobs > 0 && !hasRoom('asked') ? 'bulk' : lane;
    // What others want as well is not lost to a person who finds no room: it keeps its place.
    if (goal === 'waited' && !hasRoom(goal) && this.queue.laneOf(flight) !== null) return;
    // Room in bulk was reserved.
    if (goal === 'bulk' || (goal !== null && hasRoom(goal))) {
      this.queue.put(flight, goal);
      return;
    }
    this.queue.remove(flight);
    flight.reject(goal === null ? cancelled() : full(maxWaiting[goal]));
  }

  private dispatchNext(): void {
    for (let flight = this.next(); flight !== undefined; flight = this.next()) void this.run(flight);
  }

  private async run(flight: InFlightRequest): Promise<void> {
    this.running.add(flight);
    await flight.run();
    this.running.delete(flight);
    this.wakeHeld();
    this.dispatchNext();
  }

  /** People have places of their own beside those that bulk work may hold. */
  private next(): InFlightRequest | undefined {
    if (!this.isWantedByPeople()) return this.running.size < atOnce ? this.queue.take('bulk') : undefined;
    if ([...this.running].filter(isOfPeople).length >= atOnce) return undefined;
    return this.queue.take('waited') ?? this.queue.take('asked');
  }

  private isWantedByPeople(): boolean {
    return this.queue.lengthOf('waited') > 0 || this.queue.lengthOf('asked') > 0;
  }

  private wakeHeld(): void {
    for (const wake of this.held.splice(0)) wake();
  }
}

function isOfPeople({ lane }: InFlightRequest): boolean {
  return lane === 'waited' || lane === 'asked';
}

function full(waiting: number): FigseekError {
  return new FigseekError('RATE_LIMITED', `${waiting} masks wait for the segmenter; try again in a moment`);
}

/** Nobody wants it any more: only the job that gave it up reads this. */
function cancelled(): FigseekError {
  return new FigseekError('CONFLICT', 'Cancelled before it was made');
}
