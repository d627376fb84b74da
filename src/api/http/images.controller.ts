import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { pictureVersion, ThumbnailCache } from '../../adapters/files/thumbnail-cache.js';
import { FigseekError } from '../../domain/errors.js';
import { FigureReader } from '../../adapters/sqlite/figure-reader.js';
import { validateImageSize } from './image-size.js';

/** Images of figures: always re-encoded copies, so that no metadata and no foreign bytes leave. */
@Controller('images')
export class ImagesController {
  constructor(
    private readonly figures: FigureReader,
    private readonly thumbnails: ThumbnailCache,
  ) {}

  @Get(':figureId')
  async image(
    @Param('figureId') figureId: string,
    @Query('size') size: string | undefined,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const figure = await this.figures.figure(figureId);
    if (figure === null) throw new FigseekError('NOT_FOUND', `There is no figure ${figureId.slice(0, 60)}`);
    const side = validateImageSize(size);
    const { bytes, contentType } = await this.thumbnails.get(figure.imageHash, side);
    response.set({
      'Content-Type': contentType,
      'Cache-Control': 'public, max-age=3600',
      ETag: `"${figure.imageHash.slice(0, 32)}-${side ?? 'full'}-${pictureVersion}"`,
      'Content-Disposition': 'inline',
    });
    if (request.fresh) response.status(304).end();
    else response.end(bytes);
  }
}
