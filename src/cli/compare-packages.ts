import type { INestApplicationContext } from '@nestjs/common';
import { BlobStore } from '../ports/blob-store.js';
import type { Config } from '../app/config.js';
import { ActiveModel } from '../app/active-model.js';
import { newEncoder } from '../app/model-runtime.js';
import { FigseekError } from '../domain/errors.js';
import { CorpusSample } from '../evaluation/corpus-sample.js';
import { compareModels, type ModelComparison } from '../evaluation/model-comparison.js';
import type { OnnxEncoder } from '../adapters/onnx/onnx-encoder.js';
import { ImageReader } from '../ports/image-reader.js';
import { ModelRegistry } from '../model-packages/package-registry.js';
import { EmbeddingReader } from '../adapters/sqlite/embedding-reader.js';
import { FigureReader } from '../adapters/sqlite/figure-reader.js';
import { withProgress } from './progress.js';

/** Under this many figures almost every answer is among the ten best, whatever the model. */
export const minFigures = 30;

/** Least mean share of the ten best answers that a lower precision keeps of those of fp32. */
export const minOverlap = 0.97;

export const defaultSample = 200;

/**
 * Holds the model that the modules serve against another package, on figures of the corpus.
 * @returns null where there are too few figures
 * @throws {FigseekError} BAD_USER_INPUT where the two do not see images in the same size
 */
export async function comparePackages(
  core: INestApplicationContext,
  config: Config,
  reference: string,
  count: number,
): Promise<ModelComparison | null> {
  const { encoder } = core.get(ActiveModel).current;
  const model = await new ModelRegistry(config.models).load(reference);
  if (model.imageSize !== encoder.model.imageSize) {
    throw new FigseekError('BAD_USER_INPUT', `${reference} is no other precision of ${encoder.model.name}`);
  }
  const stores = {
    figures: core.get(FigureReader),
    embeddings: core.get(EmbeddingReader),
    blobs: core.get(BlobStore),
  };
  const sample = new CorpusSample(stores, core.get(ImageReader));
  const figures = await sample.read(count, model);
  if (figures.length < minFigures) return null;
  const right = await newEncoder(model, config);
  try {
    const embed = (one: OnnxEncoder) =>
      withProgress(`embedding a sample by ${one.model.name}`, figures.length, (at) => sample.embed(figures, one, at));
    return compareModels(await embed(right), await embed(encoder));
  } finally {
    await right.close();
  }
}

/** One line for a person. */
export function describeComparison(name: string, reference: string, comparison: ModelComparison): string {
  const { figures, images, captions, overlap } = comparison;
  const cosines = ({ mean, least }: { mean: number; least: number }) =>
    `cosine ${mean.toFixed(5)} on the mean, ${least.toFixed(5)} at least`;
  return (
    `${name} against ${reference} on ${figures} figures: images ${cosines(images)}; ` +
    `${captions === null ? 'no captions' : `captions ${cosines(captions)}`}; ` +
    `${(100 * overlap).toFixed(1)} % of the ten best answers are the same`
  );
}
