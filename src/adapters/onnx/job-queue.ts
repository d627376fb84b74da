import { FigseekError } from '../../domain/errors.js';
import type { ProviderName } from '../../domain/inference-status.js';
import type { Priority } from '../../domain/priority.js';

/** Interactive work answers a person who waits, then comes what illustrates the answer; bulk work belongs to an ingest. */
const priorities: readonly Priority[] = ['interactive', 'illustration', 'bulk'];

/** One input on its way to one result. */
export interface Job<Input, Result> {
  readonly input: Input;
  readonly priority: Priority;
  resolve: (result: Result) => void;
  reject: (error: Error) => void;
  /** How often the child died while it held this job. */
  crashes: number;
  /** Whether it was answered already, by its time limit. */
  isOver: boolean;
  /** A provider that was given up because of this job, until another one fails on it as well. */
  blamed: ProviderName | null;
}

/** A job that was never run. */
export function newJob<Input, Result>(
  input: Input,
  priority: Priority,
  settle: Pick<Job<Input, Result>, 'resolve' | 'reject'>,
): Job<Input, Result> {
  return { input, priority, ...settle, crashes: 0, isOver: false, blamed: null };
}

export function rejectAll(
  jobs: readonly { reject(error: Error): void }[],
  code: 'MODEL_UNAVAILABLE' | 'TIMEOUT',
  message: string,
): void {
  for (const job of jobs) job.reject(new FigseekError(code, message));
}

/** Waiting jobs; batches are cut from it: by priority, one kind of input a batch. */
export class JobQueue<Input, Result> {
  private readonly lanes: Record<Priority, Job<Input, Result>[]> = {
    interactive: [],
    illustration: [],
    bulk: [],
  };

  /** @param kindOf inputs of one kind may share a run */
  constructor(private readonly kindOf: (input: Input) => string) {}

  get length(): number {
    return priorities.reduce((sum, priority) => sum + this.lanes[priority].length, 0);
  }

  lengthOf(priority: Priority): number {
    return this.lanes[priority].length;
  }

  add(job: Job<Input, Result>): void {
    this.lanes[job.priority].push(job);
  }

  /** Puts jobs back at the head, in their order, without those that were answered already. */
  putBack(jobs: readonly Job<Input, Result>[]): void {
    for (const job of jobs.filter(({ isOver }) => !isOver).toReversed()) this.lanes[job.priority].unshift(job);
  }

  /**
   * The next batch: all of one kind, no more than the `limit` of any of them. A job that was in a crash goes alone, so that an
   * input that kills the child takes no other request with it.
   */
  takeBatch(limit: (input: Input) => number): readonly Job<Input, Result>[] {
    const lane = priorities.map((priority) => this.lanes[priority]).find((one) => one.length > 0) ?? [];
    const [first] = lane;
    if (first === undefined) return [];
    if (first.crashes > 0) return lane.splice(0, 1);
    const most = limit(first.input);
    const kind = this.kindOf(first.input);
    const batch = [first];
    for (const job of lane.slice(1)) {
      if (batch.length >= most) break;
      // A longer text than the first one pads all the others: it may allow fewer of them.
      if (job.crashes === 0 && this.kindOf(job.input) === kind && batch.length < limit(job.input)) batch.push(job);
    }
    const taken = new Set(batch);
    this.lanes[first.priority] = lane.filter((job) => !taken.has(job));
    return batch;
  }

  /** Takes out a job that was answered; one that is already in a batch runs to its end. */
  remove(job: Job<Input, Result>): void {
    this.lanes[job.priority] = this.lanes[job.priority].filter((other) => other !== job);
  }

  /** Empties the queue. */
  drain(): readonly Job<Input, Result>[] {
    return priorities.flatMap((priority) => this.lanes[priority].splice(0));
  }
}
