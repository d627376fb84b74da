import { Controller, Post, Query, Req } from '@nestjs/common';
import type { Request } from 'express';
import { IngestUploads } from '../../corpus/ingest-uploads.js';
import { FigseekError } from '../../domain/errors.js';
import { resolveViewer } from '../viewer.js';

/** Takes files that are to be ingested, one a request, as the raw body; `startUploadedIngest` then reads them. */
@Controller('ingest-uploads')
export class IngestUploadsController {
  constructor(private readonly uploads: IngestUploads) {}

  /**
   * @param name path of the file in the upload, with `/` between folders
   * @param upload id that an earlier file was answered with; absent: this is the first file of a new upload
   */
  @Post()
  async receive(@Req() request: Request, @Query('name') name: unknown, @Query('upload') upload: unknown) {
    if (typeof name !== 'string' || (upload !== undefined && typeof upload !== 'string')) {
      throw new FigseekError(
        'BAD_USER_INPUT',
        'Expected POST /ingest-uploads?name=figure.png with the bytes of the file as the body, and upload=ID for further files of one upload',
      );
    }
    return this.uploads.receive(resolveViewer(request), { uploadId: upload ?? null, name }, request);
  }
}
