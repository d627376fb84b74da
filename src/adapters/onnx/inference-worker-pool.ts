import { hasDevices } from './messages.js';
import type { InferenceOptions, ModelWork } from './inference-options.js';
import { InferenceWorker } from './inference-worker.js';
import type { InferenceStatus, ProviderFailure, Timings } from '../../domain/inference-status.js';
import type { Priority } from '../../domain/priority.js';

/** How the children of a model are to be run: one a GPU. */
export interface DevicesOptions extends Omit<InferenceOptions, 'device'> {
  /** Numbers of the GPUs; without one that works there is one child, on the CPU. Default: the first. */
  readonly devices?: readonly number[];
}

/**
 * A model in one child a GPU. Bulk work is parted among them; what a person waits for goes to the one with the least to
 * do. A child whose GPU was given up takes no more work while another one has its own.
 */
export class InferenceWorkerPool<Input, Result> {
  private readonly runners: readonly InferenceWorker<Input, Result>[];
  /** Children that found no GPU of their own. */
  private readonly spare = new Set<InferenceWorker<Input, Result>>();
  private readonly passedOver: ProviderFailure[] = [];

  constructor(model: ModelWork<Input, Result>, { devices = [0], ...options }: DevicesOptions) {
    this.runners = devices.map((device) => new InferenceWorker(model, { ...options, device }));
  }

  /** Starts the children and loads the model. @throws {FigseekError} MODEL_UNAVAILABLE where none can */
  async start(): Promise<void> {
    const wanted = this.runners.filter((runner) => !this.spare.has(runner));
    const outcomes = await Promise.allSettled(wanted.map((runner) => runner.start()));
    const available = this.availableWorkers();
    for (const runner of wanted) {
      // One child on a CPU is enough, or on a GPU that cannot be chosen, and none where another GPU works.
      if (available.includes(runner) || !runner.status().ready) continue;
      this.spare.add(runner);
      this.passedOver.push(...runner.status().failures);
      runner.suspend();
    }
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failed !== undefined && outcomes.every(({ status }) => status === 'rejected')) throw failed.reason;
  }

  /** Ready as soon as one is; the other fields of the first that is, with the faults and counts of all. */
  status(): InferenceStatus {
    const all = this.runners.map((runner) => runner.status());
    const told = all.find(({ ready }) => ready) ?? this.first.status();
    return {
      ...told,
      failures: eachOnce([...all.flatMap(({ failures }) => failures), ...this.passedOver]),
      restarts: all.reduce((sum, { restarts }) => sum + restarts, 0),
      queued: all.reduce((sum, { queued }) => sum + queued, 0),
      times: all.map(({ times }) => times).reduce(sumOf),
    };
  }

  /** The first child's process number, for tests that end it. */
  get pid(): number | undefined {
    return this.first.pid;
  }

  /** @returns one result an input, in their order @throws {FigseekError} RATE_LIMITED, TIMEOUT, MODEL_UNAVAILABLE */
  async run(inputs: readonly Input[], priority: Priority): Promise<Result[]> {
    if (this.runners.length > 1) await this.startAny();
    const available = this.availableWorkers();
    if (priority !== 'bulk') return leastBusy(available, this.first).run(inputs, priority);
    const share = Math.ceil(inputs.length / available.length);
    const parts = await Promise.all(
      available.map((runner, at) => runner.run(inputs.slice(at * share, (at + 1) * share), priority)),
    );
    return parts.flat();
  }

  /** Gives the memory back until the next request. */
  suspend(): void {
    for (const runner of this.runners) runner.suspend();
  }

  /** Ends the children; what waits fails with MODEL_UNAVAILABLE. */
  async close(): Promise<void> {
    await Promise.all(this.runners.map((runner) => runner.close()));
  }

  private get first(): InferenceWorker<Input, Result> {
    const [first] = this.runners;
    if (first === undefined) throw new RangeError('A model needs at least one device');
    return first;
  }

  /** Waits only where no child is on a GPU: one that is must not wait for another one's reload. */
  private async startAny(): Promise<void> {
    const starting = this.start();
    if (this.availableWorkers().some((runner) => runner.status().provider !== 'cpu' && runner.status().ready)) {
      starting.catch(() => undefined);
    } else await starting;
  }

  /** Those on GPUs of their own; the first where there are none: two children on one processor only share it. */
  private availableWorkers(): readonly InferenceWorker<Input, Result>[] {
    const onDevices = this.runners.filter((runner) => {
      const { ready, provider } = runner.status();
      return ready && provider !== null && hasDevices(provider);
    });
    return onDevices.length > 0 ? onDevices : [this.first];
  }
}

function leastBusy<Runner extends { readonly load: number }>(runners: readonly Runner[], otherwise: Runner): Runner {
  return runners.reduce((least, one) => (one.load < least.load ? one : least), runners[0] ?? otherwise);
}

function sumOf(one: Timings, other: Timings): Timings {
  return {
    inputs: one.inputs + other.inputs,
    workMs: one.workMs + other.workMs,
    copyMs: one.copyMs + other.copyMs,
  };
}

function eachOnce(failures: readonly ProviderFailure[]): readonly ProviderFailure[] {
  return [...new Map(failures.map((one) => [`${one.provider} ${one.reason}`, one])).values()];
}
