import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { parseColor } from '../../masks/mask-color.js';
import { MaskImageRenderer, type MaskImage } from '../../masks/mask-image-renderer.js';
import { validateImageSize } from './image-size.js';
import { resolveViewer } from '../viewer.js';

/** Drawn masks as PNG, at their panel's size or `size`. Addresses come from `Mask.pngUrl` and `Mask.overlayUrl`. */
@Controller('masks')
export class MasksController {
  constructor(private readonly images: MaskImageRenderer) {}

  @Get(':maskId.png')
  async png(
    @Param('maskId') id: string,
    @Query('size') size: string | undefined,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    await send(
      await this.images.find(resolveViewer(request), id, { size: validateImageSize(size), color: null }),
      request,
      response,
    );
  }

  @Get(':maskId/overlay.png')
  async overlay(
    @Param('maskId') id: string,
    @Query() { color, size }: { readonly color?: string; readonly size?: string },
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const style = { size: validateImageSize(size), color: parseColor(color) };
    await send(await this.images.find(resolveViewer(request), id, style), request, response);
  }
}

async function send(image: MaskImage, request: Request, response: Response): Promise<void> {
  response.set('ETag', `"${image.tag}"`);
  const headers = { 'Cache-Control': 'public, max-age=3600', 'Content-Disposition': 'inline' };
  // The client has these bytes already.
  if (request.fresh) {
    response.set(headers).status(304).end();
    return;
  }
  const png = await image.png();
  response.set({ ...headers, 'Content-Type': 'image/png' }).end(png);
}
