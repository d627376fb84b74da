import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { ThumbnailCache } from '../../blobs/thumbnail-cache.js';
import { FigseekError } from '../../domain/errors.js';
import { FigureReader } from '../../store/repositories/figure-reader.js';

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
    const side = sizeOf(size);
    const { bytes, contentType } = await this.thumbnails.get(figure.imageHash, side);
    response.set({
      'Content-Type': contentType,
      'Cache-Control': 'public, max-age=3600',
      ETag: `"${figure.imageHash.slice(0, 32)}-${side ?? 'full'}"`,
      'Content-Disposition': 'inline',
    });
    if (request.fresh) response.status(304).end();
    else response.end(bytes);
  }
}

function sizeOf(size: string | undefined): number | null {
  if (size === undefined) return null;
  const value = /^\d{1,5}$/.test(size) ? Number(size) : 0;
  if (value < 1 || value > 10_000) {
    throw new FigseekError('BAD_USER_INPUT', `Expected size to be from 1 to 10000 but received ${size.slice(0, 20)}`);
  }
  return value;
}
