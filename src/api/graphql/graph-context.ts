import { Injectable } from '@nestjs/common';
import type { Response } from 'express';
import { FigseekError } from '../../domain/errors.js';
import { MaskJobs } from '../../masks/mask-jobs.js';
import { Masks } from '../../masks/masks.js';
import { CollectionRepository } from '../../store/repositories/collection.repository.js';
import { FigureReader } from '../../store/repositories/figure-reader.js';
import { IngestRunRepository } from '../../store/repositories/ingest-run.repository.js';
import { MaskRepository } from '../../store/repositories/mask.repository.js';
import { Loaders } from './loaders.js';
import { SearchBudget } from './search-budget.js';

/** What the resolvers of one request share. */
export interface GraphContext {
  readonly loaders: Loaders;
  readonly budget: SearchBudget;
  /** Aborted when the client went away: what waits for its turn is given up. */
  readonly signal: AbortSignal;
}

/** The same for a subscription: each of its events is answered as a request is. */
export class SubscriptionContext implements GraphContext {
  loaders: Loaders;
  budget = new SearchBudget();

  constructor(
    private readonly newLoaders: () => Loaders,
    readonly signal: AbortSignal,
  ) {
    this.loaders = newLoaders();
  }

  /** For the next event: what was loaded for the last one may have changed. */
  renew(): void {
    this.loaders = this.newLoaders();
    this.budget = new SearchBudget();
  }
}

/** Makes contexts. */
@Injectable()
export class GraphContexts {
  constructor(
    private readonly figures: FigureReader,
    private readonly collections: CollectionRepository,
    private readonly maskStore: MaskRepository,
    private readonly masks: Masks,
    private readonly maskJobs: MaskJobs,
    private readonly runs: IngestRunRepository,
  ) {}

  ofRequest(response: Response): GraphContext {
    const gone = new AbortController();
    response.on('close', () => {
      if (!response.writableFinished) gone.abort(wentAway());
    });
    return { loaders: this.loaders(), budget: new SearchBudget(), signal: gone.signal };
  }

  ofSubscription(signal: AbortSignal): SubscriptionContext {
    return new SubscriptionContext(() => this.loaders(), signal);
  }

  private loaders(): Loaders {
    const { figures, collections, maskStore, masks, maskJobs, runs } = this;
    return new Loaders({ figures, collections, maskStore, masks, maskJobs, runs });
  }
}

export function wentAway(): FigseekError {
  return new FigseekError('TIMEOUT', 'The client went away');
}
