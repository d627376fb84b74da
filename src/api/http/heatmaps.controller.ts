import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { sha256 } from '../../domain/ids.js';
import { ActiveModel } from '../../app/active-model.js';
import { resolveViewer } from '../viewer.js';

/** Pictures to lay over a figure: where the texts of a query find support. Addresses come from `FigureHit.heatmapUrl`. */
@Controller('heatmaps')
export class HeatmapsController {
  constructor(private readonly live: ActiveModel) {}

  @Get(':id.png')
  async png(@Param('id') id: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    const png = await this.live.current.heatMaps.png(resolveViewer(request), id);
    response.set({
      'Content-Type': 'image/png',
      // Another model, or another image of the figure, gives another map under the same address.
      'Cache-Control': 'no-cache',
      ETag: `"${sha256(png).slice(0, 32)}"`,
      'Content-Disposition': 'inline',
    });
    if (request.fresh) response.status(304).end();
    else response.end(png);
  }
}
