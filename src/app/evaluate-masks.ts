import { OnnxSegmenter } from '../adapters/onnx/onnx-segmenter.js';
import type { LabeledSet } from '../adapters/sources/labeled-set.js';
import { FigseekError, messageOf } from '../domain/errors.js';
import type { MaskedRecord } from '../domain/public-set.js';
import type { LeftOut } from '../evaluation/embed-records.js';
import {
  maskOverlap,
  measureMasks,
  measureModalities,
  type MaskFigures,
  type MaskOutcome,
  type ModalityFigures,
} from '../evaluation/mask-overlap.js';
import { decodeImage } from '../imaging/decode.js';
import type { Bitmap } from '../imaging/masks/components.js';
import { wholeBox } from '../imaging/masks/translate-mask.js';
import { predictMasks, preparePrompts } from '../masks/segment-image.js';
import type { ImageReader } from '../ports/image-reader.js';
import type { MaskPredictor } from '../ports/mask-predictor.js';
import type { WorkReporter } from '../ports/work-reporter.js';
import type { Config } from './config.js';
import { newReader, segmenterOptions } from './model-runtime.js';
import { openRegistry } from './open-registry.js';

export interface MaskEvaluation {
  readonly segmenter: string;
  readonly figures: readonly MaskFigures[];
  /** The same masks by the modality of their image. */
  readonly modalities: readonly ModalityFigures[];
  readonly leftOut: readonly LeftOut[];
}

export interface MaskOptions extends Pick<LabeledSet, 'readFile'> {
  readonly seed: string;
  /** A pixel of a true mask is inside where it is brighter than this, 0..255; half of it where the set says nothing. */
  readonly insideAbove?: number;
}

const half = 127;

/** Draws the masks whose truth is known, by the configured segmenter, and compares them. */
export async function evaluateMasks(
  config: Config,
  records: readonly MaskedRecord[],
  options: MaskOptions,
  { track }: Pick<WorkReporter, 'track'>,
): Promise<MaskEvaluation> {
  const model = await openRegistry(config).loadSegmenter(config.segmenter);
  const predictor = new OnnxSegmenter(model, segmenterOptions(config));
  const reader = newReader(config);
  const outcomes: MaskOutcome[] = [];
  const leftOut: LeftOut[] = [];
  try {
    await track('drawing masks', records.length, async (at) => {
      for (const [i, masked] of records.entries()) {
        try {
          outcomes.push(...(await overlapsOf(masked, { predictor, reader }, options, config)));
        } catch (error) {
          if (!(error instanceof FigseekError || error instanceof RangeError)) throw error;
          leftOut.push({ sourceKey: masked.record.id, message: messageOf(error) });
        }
        at(i + 1);
      }
    });
  } finally {
    reader.close();
    await predictor.close();
  }
  const { seed } = options;
  const figures = measureMasks(outcomes, seed);
  return { segmenter: model.name, figures, modalities: measureModalities(outcomes, seed), leftOut };
}

async function overlapsOf(
  { record, group, masks, readImage }: MaskedRecord,
  { predictor, reader }: { readonly predictor: MaskPredictor; readonly reader: ImageReader },
  { readFile, insideAbove = half }: MaskOptions,
  limits: Pick<Config, 'maxPixels'>,
): Promise<readonly MaskOutcome[]> {
  const image = await readImage();
  const box = wholeBox(await reader.check(image));
  const prompts = masks.map(({ prompt }) => prompt);
  const modality = record.modality ?? null;
  const prepared = preparePrompts(predictor.model, prompts, { imageType: null, modality });
  const input = await reader.readForSegmenter(image, box, predictor.model.imageSize);
  const outcomes: MaskOutcome[] = [];
  for await (const { mask, prompt } of predictMasks(predictor, input, prepared, 'bulk')) {
    const file = masks[outcomes.length]?.file ?? '';
    const overlap = maskOverlap(mask, await trueMask(await readFile(file), insideAbove, limits));
    outcomes.push({ id: record.id, group, prompt, modality, ...overlap });
  }
  return outcomes;
}

async function trueMask(bytes: Uint8Array, insideAbove: number, limits: Pick<Config, 'maxPixels'>): Promise<Bitmap> {
  const { image } = await decodeImage(bytes, limits);
  const { width, height } = image;
  // Gray, so that one of three values tells.
  return {
    width,
    height,
    data: Uint8Array.from({ length: width * height }, (_, i) => Number((image.data[3 * i] ?? 0) > insideAbove)),
  };
}
