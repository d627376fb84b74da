import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { parseColor, MaskImageRenderer, type MaskImage } from '../../masks/mask-image-renderer.js';
import { validateImageSize } from './image-size.js';

/** Drawn masks as PNG, at their panel's size or `size`. Addresses come from `Mask.pngUrl` and `Mask.overlayUrl`. */
@Controller('masks')
export class MasksController {
  constructor(private readonly pictures: MaskImageRenderer) {}

  @Get(':maskId.png')
  async png(
    @Param('maskId') id: string,
    @Query('size') size: string | undefined,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    await send(await this.pictures.find(id, { size: validateImageSize(size), colour: null }), request, response);
  }

  @Get(':maskId/overlay.png')
  async overlay(
    @Param('maskId') id: string,
    @Query() { color, size }: { readonly color?: string; readonly size?: string },
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const look = { size: validateImageSize(size), colour: parseColor(color) };
    await send(await this.pictures.find(id, look), request, response);
  }
}

async function send(picture: MaskImage, request: Request, response: Response): Promise<void> {
  response.set('ETag', `"${picture.tag}"`);
  const headers = { 'Cache-Control': 'public, max-age=3600', 'Content-Disposition': 'inline' };
  // Who has it needs no new one.
  if (request.fresh) {
    response.set(headers).status(304).end();
    return;
  }
  const png = await picture.png();
  response.set({ ...headers, 'Content-Type': 'image/png' }).end(png);
}
