import { Module } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { MulterModule } from '@nestjs/platform-express';
import multer from 'multer';
import type { Config } from '../../app/config.js';
import { CONFIG } from '../../app/container.js';
import { CollectionsController } from './collections.controller.js';
import { HttpErrorFilter } from './error.filter.js';
import { HeatmapsController } from './heatmaps.controller.js';
import { HealthController } from './health.controller.js';
import { ImagesController } from './images.controller.js';
import { IngestUploadsController } from './ingest-uploads.controller.js';
import { MasksController } from './masks.controller.js';
import { UploadsController } from './uploads.controller.js';

/** HTTP beside GraphQL: uploads, images, heat maps, masks, health. */
@Module({
  imports: [
    MulterModule.registerAsync({
      inject: [CONFIG],
      useFactory: (config: Config) => ({
        storage: multer.memoryStorage(),
        limits: { fileSize: config.maxUploadBytes, files: 1, fields: 0, parts: 1 },
      }),
    }),
  ],
  controllers: [
    CollectionsController,
    HealthController,
    HeatmapsController,
    ImagesController,
    IngestUploadsController,
    MasksController,
    UploadsController,
  ],
  providers: [{ provide: APP_FILTER, useClass: HttpErrorFilter }],
})
export class HttpApiModule {}
