import type { Provider } from '@nestjs/common';
import { BlobFolder } from '../adapters/files/blob-folder.js';
import type { Config } from './config.js';
import { FigseekError, messageOf } from '../domain/errors.js';
import { MaskJobs } from '../masks/scheduling/mask-jobs.js';
import { MaskMaker } from '../masks/mask-maker.js';
import { MaskPictures } from '../masks/mask-pictures.js';
import { MaskTurns } from '../masks/scheduling/mask-scheduler.js';
import { Masks } from '../masks/masks.js';
import { PreparedPictures } from '../masks/prepared-pictures.js';
import { RecognitionMaker } from '../masks/recognition-maker.js';
import { Recognitions } from '../masks/recognitions.js';
import { SegmenterHost } from '../masks/segmenter-host.js';
import { bulkNiceness } from '../platform/worker-process.js';
import { ImageReader } from '../adapters/onnx/image-reader.js';
import { segmenterOptions } from './model-runtime.js';
import { ModelRegistry } from '../model-packages/package-registry.js';
import { FigureReader } from '../adapters/sqlite/figure-reader.js';
import { MaskRepository } from '../adapters/sqlite/mask.repository.js';
import { RecognitionRepository } from '../adapters/sqlite/recognition.repository.js';

/**
 * A search must not wait for a mask, which takes all cores for seconds. The child holds gigabytes: it ends when nobody
 * wants masks, and starting it again takes some seconds.
 */
const steppingBack = { niceness: bulkNiceness, restAfterMs: 300_000 } as const;

/** Masks on demand. Nothing is started here: the first mask starts the segmenter. */
export function maskProviders(config: Config): Provider[] {
  return [
    {
      provide: SegmenterHost,
      inject: [ModelRegistry],
      useFactory: (registry: ModelRegistry) =>
        new SegmenterHost(registry, config.segmenter, { ...segmenterOptions(config), ...steppingBack }),
    },
    { provide: MaskTurns, useFactory: () => new MaskTurns() },
    {
      provide: PreparedPictures,
      inject: [BlobFolder, ImageReader],
      useFactory: (blobs: BlobFolder, reader: ImageReader) => new PreparedPictures(blobs, reader),
    },
    {
      provide: MaskMaker,
      inject: [SegmenterHost, PreparedPictures],
      useFactory: (host: SegmenterHost, pictures: PreparedPictures) => new MaskMaker(host, pictures),
    },
    {
      provide: Recognitions,
      inject: [SegmenterHost, PreparedPictures, RecognitionRepository, MaskTurns],
      useFactory: (host: SegmenterHost, pictures: PreparedPictures, store: RecognitionRepository, turns: MaskTurns) =>
        new Recognitions(new RecognitionMaker(host, pictures), store, turns),
    },
    {
      provide: Masks,
      inject: [MaskMaker, MaskRepository, FigureReader, MaskTurns],
      useFactory: (maker: MaskMaker, store: MaskRepository, figures: FigureReader, turns: MaskTurns) =>
        new Masks(maker, store, figures, turns),
    },
    { provide: MaskJobs, inject: [Masks], useFactory: (masks: Masks) => new MaskJobs(masks) },
    {
      provide: MaskPictures,
      inject: [Masks, MaskRepository],
      useFactory: (masks: Masks, store: MaskRepository) => new MaskPictures(masks, store),
    },
  ];
}

/** @throws {FigseekError} MODEL_UNAVAILABLE where the configured segmenter cannot be used, naming those there are */
export async function checkSegmenter({ models, segmenter }: Config): Promise<void> {
  if (segmenter === null) return;
  const registry = new ModelRegistry(models);
  try {
    await registry.segmenterManifest(segmenter);
  } catch (error) {
    const there = (await registry.list()).filter(({ kind }) => kind === 'segmenter').map(({ name }) => name);
    const mend = `expected one of the segmenters there are (${there.join(', ') || 'none'}), or FIGSEEK_SEGMENTER unset`;
    throw new FigseekError('MODEL_UNAVAILABLE', `FIGSEEK_SEGMENTER is ${segmenter}; ${mend}: ${messageOf(error)}`);
  }
}
