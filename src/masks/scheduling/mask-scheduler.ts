import { FigseekError } from '../../domain/errors.js';
import type { InFlightRequest } from './in-flight-request.js';
import { MaskQueue, type MaskPriority } from './mask-queue.js';

/** How many requests of each priority may wait; further ones are refused. */
const maxWaiting: Readonly<Record<MaskPriority, number>> = { interactive: 500, background: 500, batch: 5000 };
/**
 * How many requests run at a time: the image of one is prepared, or its output is read, while the model works on another.
 * Requests of clients have as many places of their own.
 */
const concurrency = 2;

/** Decides which request of the segmenter runs next: those of clients before batch work, in the queue and at the model. */
export class MaskScheduler {
  private readonly queue = new MaskQueue<InFlightRequest>();
  private readonly running = new Set<InFlightRequest>();
  /** Wake batch requests that run and wait for the model. */
  private wakeCalls: (() => void)[] = [];
  private reserved = 0;
  private isClosed = false;

  /**
   * Reserves room in the batch queue while the masks of a job are looked up, so that two jobs at the same time do not count
   * on the same room.
   * @returns releases the reservation
   * @throws {FigseekError} RATE_LIMITED
   */
  reserve(count: number): () => void {
    const waiting = this.queue.count('batch') + this.reserved;
    if (waiting + count > maxWaiting.batch) throw queueFull(waiting);
    this.reserved += count;
    return () => {
      this.reserved -= count;
    };
  }

  /** Queues a new request with its priority; it ends with RATE_LIMITED where there is no room. */
  add(request: InFlightRequest): void {
    this.changePriority(request, request.priority);
    this.dispatchNext();
  }

  /** To be called when clients or jobs began or ceased to want a request. */
  updatePriority(request: InFlightRequest): void {
    const priority = this.queue.findPriority(request);
    if (priority !== null && priority !== request.priority) this.changePriority(request, request.priority);
    // The priority of a running request may have changed as well.
    this.wakeAll();
    this.dispatchNext();
  }

  /** Waits until a running request may use the model: batch work waits while a client wants anything. */
  async waitForTurn(request: InFlightRequest): Promise<void> {
    const mustWait = () => this.hasClientRequests() || [...this.running].some(isWantedByClient);
    while (!this.isClosed && !isWantedByClient(request) && mustWait()) {
      await new Promise<void>((resolve) => this.wakeCalls.push(resolve));
    }
  }

  /** What waits fails; what runs goes on. */
  close(reason: Error): void {
    this.isClosed = true;
    for (const request of this.queue.drain()) request.reject(reason);
    this.wakeAll();
  }

  private changePriority(request: InFlightRequest, wanted: MaskPriority | null): void {
    const hasRoom = (priority: MaskPriority) => this.queue.count(priority) < maxWaiting[priority];
    // Without room in the background queue, a mask that a job wants as well is still made.
    const priority = wanted === 'background' && request.jobs > 0 && !hasRoom('background') ? 'batch' : wanted;
    // Without room in the interactive queue, a request that waits already keeps its place, as others want it as well.
    if (priority === 'interactive' && !hasRoom(priority) && this.queue.findPriority(request) !== null) return;
    // Room in the batch queue was reserved.
    if (priority === 'batch' || (priority !== null && hasRoom(priority))) {
      this.queue.put(request, priority);
      return;
    }
    this.queue.remove(request);
    request.reject(priority === null ? cancelled() : queueFull(maxWaiting[priority]));
  }

  private dispatchNext(): void {
    for (let request = this.takeNext(); request !== undefined; request = this.takeNext()) void this.run(request);
  }

  private async run(request: InFlightRequest): Promise<void> {
    this.running.add(request);
    await request.run();
    this.running.delete(request);
    this.wakeAll();
    this.dispatchNext();
  }

  /** Requests of clients have places of their own beside those that batch work may hold. */
  private takeNext(): InFlightRequest | undefined {
    if (!this.hasClientRequests()) return this.running.size < concurrency ? this.queue.take('batch') : undefined;
    if ([...this.running].filter(isWantedByClient).length >= concurrency) return undefined;
    return this.queue.take('interactive') ?? this.queue.take('background');
  }

  private hasClientRequests(): boolean {
    return this.queue.count('interactive') > 0 || this.queue.count('background') > 0;
  }

  private wakeAll(): void {
    for (const wake of this.wakeCalls.splice(0)) wake();
  }
}

function isWantedByClient({ priority }: InFlightRequest): boolean {
  return priority === 'interactive' || priority === 'background';
}

function queueFull(waiting: number): FigseekError {
  return new FigseekError('RATE_LIMITED', `${waiting} masks wait for the segmenter; try again in a moment`);
}

/** Nobody wants the request any more: only the job that released it receives this error. */
function cancelled(): FigseekError {
  return new FigseekError('CONFLICT', 'Cancelled before it was made');
}
