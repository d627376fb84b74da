import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { checkedColour, MaskPictures } from '../../masks/mask-pictures.js';

/** Drawn masks as PNG at their panel's size. Addresses come from `Mask.pngUrl` and `Mask.overlayUrl`. */
@Controller('masks')
export class MasksController {
  constructor(private readonly pictures: MaskPictures) {}

  @Get(':maskId.png')
  async png(@Param('maskId') id: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    send(await this.pictures.png(id), id, request, response);
  }

  @Get(':maskId/overlay.png')
  async overlay(
    @Param('maskId') id: string,
    @Query('color') color: string | undefined,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    send(await this.pictures.overlay(id, color), `${id}-${checkedColour(color)}`, request, response);
  }
}

/** @param tag the id of a mask tells all that its pixels depend on */
function send(png: Buffer, tag: string, request: Request, response: Response): void {
  response.set({
    'Content-Type': 'image/png',
    'Cache-Control': 'public, max-age=3600',
    ETag: `"${tag}"`,
    'Content-Disposition': 'inline',
  });
  if (request.fresh) response.status(304).end();
  else response.end(png);
}
