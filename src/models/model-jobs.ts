import { randomBytes } from 'node:crypto';
import { FigseekError, messageOf } from '../domain/errors.js';
import type { JobStep, ModelJob, ModelJobResult, ModelTask } from '../domain/model-job.js';
import type { Viewer } from '../domain/viewer.js';
import { knownModel } from '../model-hub/model-catalog.js';
import type { ModelRegistry } from '../model-packages/package-registry.js';
import { watchChanges } from '../platform/watch-changes.js';

/** Jobs that have ended and are still told of. */
const keptJobs = 20;
/** Of a job that tells more, the latest are kept. */
const keptNotes = 50;

/** Who is told what a task does. */
interface TaskListener {
  readonly tell: (line: string) => void;
  readonly step: (step: JobStep | null) => void;
}

/** Does a task, beside the server's own work. An aborted signal ends it: it rejects then. */
export type RunModelTask = (task: ModelTask, listener: TaskListener, signal: AbortSignal) => Promise<ModelJobResult>;

interface Job {
  readonly id: string;
  readonly end: AbortController;
  now: ModelJob;
  done: Promise<void>;
}

/**
 * Pulls, verifies, compares and activates model packages while the server goes on, one job at a time: each takes the processors
 * and the memory of a model. Jobs are kept in memory only; what they did is kept by the packages and the corpus.
 */
export class ModelJobs {
  /** The latest last. */
  private readonly jobs = new Map<string, Job>();

  constructor(
    private readonly registry: Pick<ModelRegistry, 'manifest'>,
    private readonly run: RunModelTask,
  ) {}

  /**
   * Fetches and imports a known model.
   * @param accepts whether the person accepts its license and its intended use
   * @throws {FigseekError} BAD_USER_INPUT for an unknown model, or terms that are not accepted; CONFLICT while another job runs
   */
  pull(_viewer: Viewer, task: Omit<Extract<ModelTask, { kind: 'PULL' }>, 'kind'>, accepts: boolean): ModelJob {
    const { name, intendedUse } = knownModel(task.model);
    if (!accepts) {
      const expected = `Expected acceptLicense: true, to fetch ${name} under its license and for its intended use`;
      throw new FigseekError('BAD_USER_INPUT', `${expected} (${intendedUse})`);
    }
    return this.start({ kind: 'PULL', ...task });
  }

  /**
   * Verifies, compares or activates packages that are there.
   * @throws {FigseekError} MODEL_UNAVAILABLE where there is no such package; CONFLICT while another job runs
   */
  async begin(_viewer: Viewer, task: Exclude<ModelTask, { kind: 'PULL' }>): Promise<ModelJob> {
    await this.registry.manifest(task.model);
    if (task.kind === 'COMPARE') await this.registry.manifest(task.against);
    return this.start(task);
  }

  /** The latest first. */
  list(_viewer: Viewer): readonly ModelJob[] {
    return [...this.jobs.values()].map(({ now }) => now).reverse();
  }

  find(_viewer: Viewer, id: string): ModelJob | null {
    return this.jobs.get(id)?.now ?? null;
  }

  /** @throws {FigseekError} NOT_FOUND */
  job(viewer: Viewer, id: string): ModelJob {
    const job = this.find(viewer, id);
    if (job !== null) return job;
    throw new FigseekError('NOT_FOUND', `There is no model job ${id.slice(0, 60)}, or not any more`);
  }

  /**
   * A job as it is now, then again after changes until it has ended.
   * @param signal ends the stream
   * @throws {FigseekError} NOT_FOUND, with the first event
   */
  watch(viewer: Viewer, id: string, signal: AbortSignal): AsyncGenerator<ModelJob> {
    return watchChanges(() => this.job(viewer, id), signal);
  }

  /** Ends a job. What it fetched or embedded stays, and the next one goes on from there. @throws {FigseekError} NOT_FOUND; CONFLICT */
  async cancel(viewer: Viewer, id: string): Promise<ModelJob> {
    const { state } = this.job(viewer, id);
    if (state !== 'RUNNING') throw new FigseekError('CONFLICT', `The job ${id} has ended: it is ${state}`);
    const job = this.jobs.get(id);
    job?.end.abort();
    await job?.done;
    return this.job(viewer, id);
  }

  /** Ends what runs. */
  async close(): Promise<void> {
    for (const { end } of this.jobs.values()) end.abort();
    await Promise.all([...this.jobs.values()].map(({ done }) => done));
  }

  private start(task: ModelTask): ModelJob {
    const running = [...this.jobs.values()].find(({ now }) => now.state === 'RUNNING');
    if (running !== undefined) {
      const { kind, model } = running.now.task;
      throw new FigseekError('CONFLICT', `Expected no other model job but one runs: ${kind} ${model}`);
    }
    const id = `job_${randomBytes(12).toString('hex')}`;
    const begun: ModelJob = {
      ...{ id, task, state: 'RUNNING', step: null, notes: [], findings: [], comparison: null },
      ...{ failure: null, startedAt: new Date(), endedAt: null },
    };
    const job: Job = { id, end: new AbortController(), now: begun, done: Promise.resolve() };
    this.jobs.set(id, job);
    for (const old of [...this.jobs.keys()].slice(0, -keptJobs)) this.jobs.delete(old);
    job.done = this.follow(job);
    return begun;
  }

  private async follow(job: Job): Promise<void> {
    const set = (change: Partial<ModelJob>): void => {
      job.now = { ...job.now, ...change };
    };
    const listener: TaskListener = {
      tell: (line) => {
        set({ notes: [...job.now.notes, line].slice(-keptNotes) });
      },
      step: (step) => {
        set({ step });
      },
    };
    const ended = await this.run(job.now.task, listener, job.end.signal).then(
      (result): Partial<ModelJob> => ({ state: 'DONE', ...result }),
      (error: unknown): Partial<ModelJob> =>
        job.end.signal.aborted ? { state: 'CANCELLED' } : { state: 'FAILED', failure: messageOf(error) },
    );
    set({ ...ended, step: null, endedAt: new Date() });
  }
}
