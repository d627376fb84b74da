import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { CollectionExport } from '../../corpus/export/collection-export.js';
import { resolveViewer } from '../viewer.js';

/** Collections as files (docs/curation.md), sent while they are made. */
@Controller('collections')
export class CollectionsController {
  constructor(private readonly exports: CollectionExport) {}

  @Get(':collectionId/export')
  async export(
    @Param('collectionId') id: string,
    @Query('format') format: unknown,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const wanted = typeof format === 'string' ? format : '';
    const { name, mediaType, chunks } = await this.exports.open(resolveViewer(request), id, wanted);
    response.attachment(name).set({ 'Content-Type': mediaType, 'Cache-Control': 'no-store' });
    try {
      // An error after the first bytes breaks the connection off: nobody takes a part for the whole.
      await pipeline(Readable.from(chunks, { objectMode: true }), response);
    } catch (error) {
      if (!response.headersSent) throw error;
      response.destroy();
    }
  }
}
