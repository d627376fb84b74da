import { Controller, Get, HttpCode, Res } from '@nestjs/common';
import type { Response } from 'express';
import { messageOf } from '../../domain/errors.js';
import { ActiveModel } from '../../app/active-model.js';
import { Database } from '../../adapters/sqlite/database.js';
import { FigureReader } from '../../adapters/sqlite/figure-reader.js';

@Controller()
export class HealthController {
  constructor(
    private readonly serving: ActiveModel,
    private readonly figures: FigureReader,
    private readonly store: Database,
  ) {}

  /** The process answers. */
  @Get('health/live')
  @HttpCode(200)
  live() {
    return { status: 'ok' };
  }

  /** Whether a search would be answered now: database, vectors and model, each asked; 503 where one is not there. */
  @Get('health/ready')
  async ready(@Res() response: Response): Promise<void> {
    const checks = {
      database: await check(async () => {
        await this.store.checkPresent();
        await this.figures.counts();
      }),
      vectors: await check(() => this.serving.current.space.status()),
      model: this.modelState(),
    };
    const ready = Object.values(checks).every((state) => state === 'ok');
    response.status(ready ? 200 : 503).json({ status: ready ? 'ok' : 'unavailable', checks });
  }

  private modelState(): string {
    const { encoder } = this.serving.current;
    if (encoder.status().ready) return 'ok';
    // A balancer sends no request to a server that is not ready: the question itself must bring the model back.
    encoder.start().catch(() => undefined);
    return 'not loaded';
  }
}

async function check(ask: () => Promise<unknown>): Promise<string> {
  return ask().then(() => 'ok', messageOf);
}
