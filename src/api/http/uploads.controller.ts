import { Body, Controller, Inject, Post, Req, UploadedFile, UseInterceptors } from '@nestjs/common';
import type { Request } from 'express';
import { FileInterceptor } from '@nestjs/platform-express';
import type { Config } from '../../app/config.js';
import { CONFIG } from '../../app/container.js';
import { FigseekError } from '../../domain/errors.js';
import { Uploads } from '../../corpus/uploads.js';
import { resolveViewer } from '../viewer.js';

/** Takes an image to search by: raw bytes, or multipart with one file. It is kept only where it can be decoded, which a process of its own does. */
@Controller('uploads')
export class UploadsController {
  constructor(
    private readonly uploads: Uploads,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Post()
  @UseInterceptors(FileInterceptor('file'))
  async upload(@Req() request: Request, @UploadedFile() file: Express.Multer.File | undefined, @Body() body: unknown) {
    const bytes = file?.buffer ?? (Buffer.isBuffer(body) ? body : null);
    if (bytes === null || bytes.length === 0) {
      throw new FigseekError(
        'BAD_USER_INPUT',
        'Expected an image as the raw body (Content-Type image/* or application/octet-stream) or as the multipart field “file”',
      );
    }
    if (bytes.length > this.config.maxUploadBytes) {
      throw new FigseekError(
        'PAYLOAD_TOO_LARGE',
        `Expected at most ${this.config.maxUploadBytes} bytes but received ${bytes.length}`,
      );
    }
    return this.uploads.add(resolveViewer(request), bytes);
  }
}
