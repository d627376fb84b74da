import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { FigureImages } from '../../corpus/figure-images.js';
import { localOperator } from '../../domain/viewer.js';
import { validateImageSize } from './image-size.js';

@Controller('images')
export class ImagesController {
  constructor(private readonly images: FigureImages) {}

  @Get(':figureId')
  async image(
    @Param('figureId') figureId: string,
    @Query('size') size: string | undefined,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const image = await this.images.find(localOperator, figureId, validateImageSize(size));
    response.set({
      'Cache-Control': 'public, max-age=3600',
      ETag: `"${image.tag}"`,
      'Content-Disposition': 'inline',
    });
    // A client that has the image needs no new one.
    if (request.fresh) {
      response.status(304).end();
      return;
    }
    const { bytes, contentType } = await image.read();
    response.set('Content-Type', contentType).end(bytes);
  }
}
