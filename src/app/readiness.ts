import { messageOf } from '../domain/errors.js';
import type { Stores } from '../ports/stores.js';
import { ActiveModel } from './active-model.js';

/** `ok`, or what is wrong. */
export type ReadinessChecks = Readonly<Record<'database' | 'vectors' | 'model', string>>;

/** Whether a search would be answered now. */
export class Readiness {
  constructor(
    private readonly active: ActiveModel,
    private readonly stores: Pick<Stores, 'counts' | 'checkPresent'>,
  ) {}

  /** Asks database, vectors and model, each. */
  async check(): Promise<ReadinessChecks> {
    return {
      database: await resultOf(async () => {
        await this.stores.checkPresent();
        await this.stores.counts.counts();
      }),
      vectors: await resultOf(() => this.active.current.space.status()),
      model: this.modelState(),
    };
  }

  private modelState(): string {
    const { encoder } = this.active.current;
    if (encoder.status().ready) return 'ok';
    // A balancer sends no request to a server that is not ready: the question itself must bring the model back.
    encoder.start().catch(() => undefined);
    return 'not loaded';
  }
}

async function resultOf(ask: () => Promise<unknown>): Promise<string> {
  return ask().then(() => 'ok', messageOf);
}
