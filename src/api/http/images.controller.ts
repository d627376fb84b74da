import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { FigureImages } from '../../corpus/figure-images.js';
import { validateImageSize } from './image-size.js';
import { resolveViewer } from '../viewer.js';

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
    const image = await this.images.find(resolveViewer(request), figureId, validateImageSize(size));
    const headers = { 'Cache-Control': 'public, max-age=3600', 'Content-Disposition': 'inline' };
    response.set('ETag', `"${image.tag}"`);
    // A client that has the image needs no new one.
    if (request.fresh) {
      response.set(headers).status(304).end();
      return;
    }
    const { bytes, contentType } = await image.read();
    response.set({ ...headers, 'Content-Type': contentType }).end(bytes);
  }
}
