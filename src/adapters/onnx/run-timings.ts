import type { Timings } from '../../domain/inference-status.js';

/** Adds up where the time of a child's runs goes. */
export class RunTimings {
  private inputs = 0;
  private workMs = 0;
  private copyMs = 0;

  /** @param startedAt by `performance.now()` @param workMs what the child says that it took */
  add(inputs: number, startedAt: number, workMs: number): void {
    this.inputs += inputs;
    this.workMs += workMs;
    this.copyMs += Math.max(0, performance.now() - startedAt - workMs);
  }

  get sum(): Timings {
    const { inputs, workMs, copyMs } = this;
    return { inputs, workMs, copyMs };
  }
}
