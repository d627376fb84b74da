import type { Priority } from './job-queue.js';
import { JobRunner, type InferenceOptions, type InferenceStatus, type ModelWork } from './job-runner.js';

/** How the children of a model are to be run: one a GPU. */
export interface DevicesOptions extends Omit<InferenceOptions, 'device'> {
  /** Numbers of the GPUs; without one that works there is one child, on the CPU. Default: the first. */
  readonly devices?: readonly number[];
}

/**
 * A model in one child a GPU. Bulk work is parted among them; what a person waits for goes to the one with the least to
 * do. A child whose GPU was given up takes no more work while another one has its own.
 */
export class JobRunners<Input, Result> {
  private readonly runners: readonly JobRunner<Input, Result>[];
  private hasDevices = false;

  constructor(model: ModelWork<Input, Result>, { devices = [0], ...options }: DevicesOptions) {
    this.runners = devices.map((device) => new JobRunner(model, { ...options, device }));
  }

  /** Starts the children and loads the model. @throws {FigseekError} MODEL_UNAVAILABLE with the reason */
  async start(): Promise<void> {
    const [first, ...others] = this.runners;
    await first?.start();
    // Where the first finds no GPU at all, none is looked for again.
    this.hasDevices ||= first?.status().provider !== 'cpu';
    if (this.hasDevices) await Promise.allSettled(others.map((runner) => runner.start()));
  }

  /** Ready as soon as one is; the other fields of the first that is, with the faults and counts of all. */
  status(): InferenceStatus {
    const all = this.runners.map((runner) => runner.status());
    const told = all.find(({ ready }) => ready) ?? this.first.status();
    return {
      ...told,
      failures: all.flatMap(({ failures }) => failures),
      restarts: all.reduce((sum, { restarts }) => sum + restarts, 0),
      queued: all.reduce((sum, { queued }) => sum + queued, 0),
    };
  }

  /** The first child's process number, for tests that end it. */
  get pid(): number | undefined {
    return this.first.pid;
  }

  /** @returns one result an input, in their order @throws {FigseekError} RATE_LIMITED, TIMEOUT, MODEL_UNAVAILABLE */
  async run(inputs: readonly Input[], priority: Priority): Promise<Result[]> {
    if (this.runners.length > 1) await this.start();
    const able = this.able();
    if (priority !== 'bulk') return leastBusy(able, this.first).run(inputs, priority);
    const share = Math.ceil(inputs.length / able.length);
    const parts = await Promise.all(
      able.map((runner, at) => runner.run(inputs.slice(at * share, (at + 1) * share), priority)),
    );
    return parts.flat();
  }

  /** Gives the memory back until the next request. */
  rest(): void {
    for (const runner of this.runners) runner.rest();
  }

  /** Ends the children; what waits fails with MODEL_UNAVAILABLE. */
  async close(): Promise<void> {
    await Promise.all(this.runners.map((runner) => runner.close()));
  }

  private get first(): JobRunner<Input, Result> {
    const [first] = this.runners;
    if (first === undefined) throw new RangeError('A model needs at least one device');
    return first;
  }

  /** Those on a GPU; the first where there are none: two children on one CPU only share it. */
  private able(): readonly JobRunner<Input, Result>[] {
    const onDevices = this.runners.filter((runner) => {
      const { ready, provider } = runner.status();
      return ready && provider !== 'cpu';
    });
    return onDevices.length > 0 ? onDevices : [this.first];
  }
}

function leastBusy<Runner extends { status(): InferenceStatus }>(
  runners: readonly Runner[],
  otherwise: Runner,
): Runner {
  return runners.reduce(
    (least, one) => (one.status().queued < least.status().queued ? one : least),
    runners[0] ?? otherwise,
  );
}
