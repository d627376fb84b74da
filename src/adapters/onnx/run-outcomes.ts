import { messageOf } from '../../domain/errors.js';
import { shuttingDown } from '../../platform/worker-process.js';
import type { ModelWork } from './inference-options.js';
import { rejectAll, type Job, type JobQueue } from './job-queue.js';
import type { Answer } from './messages.js';
import type { ModelProcess } from './model-process.js';
import type { FailureDecision, ProviderHealth, RunFailure } from './provider-health.js';

/** What a run is cut from, what it ran in, and what is known about the providers. */
export interface RunParts<Input, Result> {
  readonly model: ModelWork<Input, Result>;
  readonly queue: JobQueue<Input, Result>;
  readonly health: ProviderHealth;
  readonly process: ModelProcess;
}

/** Gives the results of a run to its jobs, and decides what happens to the jobs of a run that failed. */
export class RunOutcomes<Input, Result> {
  /** @param timeoutMs the time limit of one run, for messages */
  constructor(
    private readonly parts: RunParts<Input, Result>,
    private readonly timeoutMs: number,
  ) {}

  /** Resolves each job with its part of the answer; jobs for which it cannot be used are refused. */
  deliver(batch: readonly Job<Input, Result>[], answer: Answer): void {
    const faults = batch.flatMap((job, row) => {
      try {
        job.resolve(this.parts.model.toResult(answer, row, batch.length));
        return [];
      } catch (error) {
        return [{ job, message: `The model gave no usable answer: ${messageOf(error)}` }];
      }
    });
    const [first] = faults;
    if (first === undefined) {
      this.parts.health.succeeded();
      return;
    }
    const jobs = faults.map(({ job }) => job);
    this.refuse(jobs, { kind: 'unusable', message: first.message });
  }

  /** The child's answer cannot be used, but it still runs: the jobs are tried by another provider, or fail. */
  refuse(jobs: readonly Job<Input, Result>[], failure: RunFailure): void {
    const decision = this.classify(failure, jobs);
    if (decision === 'usual') {
      rejectAll(jobs, 'MODEL_UNAVAILABLE', failure.message);
      this.reinstateProviders(jobs);
      return;
    }
    if (decision === 'elsewhere') this.failOver(jobs);
    this.parts.queue.putBack(jobs);
  }

  /** The child ended: the jobs are tried once more, each alone, and then fail. */
  retryAfterExit(batch: readonly Job<Input, Result>[], failure: RunFailure): void {
    const { queue, process } = this.parts;
    const decision = this.classify(failure, batch);
    if (decision === 'elsewhere') {
      this.failOver(batch);
      queue.putBack(batch);
      return;
    }
    process.discard();
    if (process.isClosed) {
      rejectAll(batch, 'MODEL_UNAVAILABLE', shuttingDown);
      return;
    }
    if (failure.kind === 'silent') {
      rejectAll(batch, 'TIMEOUT', `The model did not answer within ${this.timeoutMs} ms`);
      return;
    }
    for (const job of batch) job.crashes += 1;
    const again = batch.filter((job) => job.crashes < 2);
    const fatal = batch.filter((job) => job.crashes >= 2);
    rejectAll(fatal, 'MODEL_UNAVAILABLE', `The inference process died twice on this input (${failure.message})`);
    this.reinstateProviders(fatal);
    queue.putBack(again);
  }

  private classify(failure: RunFailure, jobs: readonly Job<Input, Result>[]): FailureDecision {
    const { health, process, model } = this.parts;
    const [first] = jobs;
    if (process.isClosed || first === undefined) return 'usual';
    const run = { kind: model.kindOf(first.input), count: jobs.length };
    return health.failed(process.provider ?? 'cpu', failure, run);
  }

  private failOver(jobs: readonly Job<Input, Result>[]): void {
    const { process } = this.parts;
    for (const job of jobs) {
      // The failure counts as the provider's, until the next one fails on the same job: no input was tried alone yet.
      job.crashes = 0;
      job.blamed = process.provider;
    }
    process.discard();
  }

  /** An input that fails by two providers says nothing about the first one. */
  private reinstateProviders(jobs: readonly Job<Input, Result>[]): void {
    const { health, process } = this.parts;
    if (health.reinstate(jobs.flatMap(({ blamed }) => blamed ?? []))) process.discard();
  }
}
