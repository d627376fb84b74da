import type { InferenceOptions } from '../adapters/onnx/inference-options.js';
import { OnnxSegmenter } from '../adapters/onnx/onnx-segmenter.js';
import { ImageReader } from '../ports/image-reader.js';
import { BlobStore } from '../ports/blob-store.js';
import type { Provider } from '@nestjs/common';
import type { Config } from './config.js';
import { FigseekError, messageOf } from '../domain/errors.js';
import { MaskJobs } from '../masks/scheduling/mask-jobs.js';
import { MaskGenerator } from '../masks/mask-generator.js';
import { MaskImageRenderer } from '../masks/mask-image-renderer.js';
import { MaskScheduler } from '../masks/scheduling/mask-scheduler.js';
import { Masks } from '../masks/masks.js';
import { PreprocessedImageCache } from '../masks/preprocessed-image-cache.js';
import { DetectionGenerator } from '../masks/detection-generator.js';
import { DetectionService } from '../masks/detection-service.js';
import { SegmenterProvider } from '../masks/segmenter-provider.js';
import { bulkNiceness } from '../platform/worker-process.js';
import { segmenterOptions } from './model-runtime.js';
import { openRegistry } from './open-registry.js';
import { ModelRegistry } from '../model-packages/package-registry.js';
import { FigureStore } from '../ports/figure-store.js';
import { MaskReader } from '../masks/mask-reader.js';
import { DetectionStore } from '../ports/detection-store.js';
import { MaskStore } from '../ports/mask-store.js';

/**
 * A search must not wait for a mask, which takes all cores for seconds. The child uses gigabytes: it is ended when no mask
 * was requested for a while, and starting it again takes some seconds.
 */
const lowPriority = { niceness: bulkNiceness, idleTimeoutMs: 300_000 } satisfies Partial<InferenceOptions>;

/** Masks on demand. Nothing is started here: the first mask starts the segmenter. */
export function maskProviders(config: Config): Provider[] {
  return [...generationProviders(config), ...serviceProviders()];
}

/** What makes a mask: the segmenter, the images that are prepared for it, and the order in which masks are made. */
function generationProviders(config: Config): Provider[] {
  return [
    {
      provide: SegmenterProvider,
      inject: [ModelRegistry],
      useFactory: (registry: ModelRegistry) =>
        new SegmenterProvider(
          registry,
          config.segmenter,
          (model) => new OnnxSegmenter(model, { ...segmenterOptions(config), ...lowPriority }),
        ),
    },
    { provide: MaskScheduler, useFactory: () => new MaskScheduler() },
    {
      provide: PreprocessedImageCache,
      inject: [BlobStore, ImageReader],
      useFactory: (blobs: BlobStore, reader: ImageReader) => new PreprocessedImageCache(blobs, reader),
    },
    {
      provide: MaskGenerator,
      inject: [SegmenterProvider, PreprocessedImageCache],
      useFactory: (segmenters: SegmenterProvider, images: PreprocessedImageCache) =>
        new MaskGenerator(segmenters, images),
    },
    {
      provide: DetectionGenerator,
      inject: [SegmenterProvider, PreprocessedImageCache],
      useFactory: (segmenters: SegmenterProvider, images: PreprocessedImageCache) =>
        new DetectionGenerator(segmenters, images),
    },
  ];
}

/** What the API calls: masks and detections that are kept, jobs, and images of masks. */
function serviceProviders(): Provider[] {
  return [
    {
      provide: DetectionService,
      inject: [DetectionGenerator, DetectionStore, MaskScheduler],
      useFactory: (generator: DetectionGenerator, store: DetectionStore, scheduler: MaskScheduler) =>
        new DetectionService(generator, store, scheduler),
    },
    {
      provide: Masks,
      inject: [MaskGenerator, MaskStore, FigureStore, MaskScheduler],
      useFactory: (generator: MaskGenerator, store: MaskStore, figures: FigureStore, scheduler: MaskScheduler) =>
        new Masks(generator, store, figures, scheduler),
    },
    { provide: MaskReader, inject: [MaskStore], useFactory: (store: MaskStore) => new MaskReader(store) },
    { provide: MaskJobs, inject: [Masks], useFactory: (masks: Masks) => new MaskJobs(masks) },
    {
      provide: MaskImageRenderer,
      inject: [Masks, MaskStore],
      useFactory: (masks: Masks, store: MaskStore) => new MaskImageRenderer(masks, store),
    },
  ];
}

/** @throws {FigseekError} MODEL_UNAVAILABLE where the configured segmenter cannot be used, naming those there are */
export async function checkSegmenter({ models, segmenter }: Config): Promise<void> {
  if (segmenter === null) return;
  const registry = openRegistry({ models });
  try {
    await registry.segmenterManifest(segmenter);
  } catch (error) {
    const there = (await registry.list()).filter(({ kind }) => kind === 'segmenter').map(({ name }) => name);
    const fix = `expected one of the segmenters there are (${there.join(', ') || 'none'}), or FIGSEEK_SEGMENTER unset`;
    throw new FigseekError('MODEL_UNAVAILABLE', `FIGSEEK_SEGMENTER is ${segmenter}; ${fix}: ${messageOf(error)}`);
  }
}
