import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { FileBlobStore } from '../adapters/files/file-blob-store.js';
import { OnnxSegmenter } from '../adapters/onnx/onnx-segmenter.js';
import { FigseekError, messageOf, systemCodeOf } from '../domain/errors.js';
import { isWholeFigure } from '../domain/ids.js';
import type { BestPanels } from '../masks/choose-panels.js';
import { readStoredPicture, SegmentPicture, type SegmentablePicture } from '../masks/segment-picture.js';
import type { ImageReader } from '../ports/image-reader.js';
import { ActiveModel } from './active-model.js';
import { advice } from './advice.js';
import { withApp, withStores } from './command-context.js';
import type { Config } from './config.js';
import { newReader, segmenterOptions } from './model-runtime.js';
import { openRegistry } from './open-registry.js';
import { hasCorpus } from './open-stores.js';

/** An image that the command line was given, with the name that files of its masks get. */
export interface GivenPicture extends SegmentablePicture {
  readonly file: string;
}

/** The segmentation of one image after the other, without a server. */
export interface Segmentation {
  readonly segment: SegmentPicture;
  /** A file by its path, or a stored figure by its id. @throws {FigseekError} saying what is not there */
  pictureOf(given: string): Promise<GivenPicture>;
}

/**
 * Runs `work` with a segmentation, and ends its processes.
 * @param onProblem is told what does not stop the work
 */
export async function withSegmentation<Result>(
  config: Config,
  onProblem: (problem: string) => void,
  work: (segmentation: Segmentation) => Promise<Result>,
): Promise<Result> {
  const reader = newReader(config);
  const openPredictor = async (name: string | null) =>
    new OnnxSegmenter(await openRegistry(config).loadSegmenter(name ?? config.segmenter), segmenterOptions(config));
  try {
    return await work({
      segment: new SegmentPicture(openPredictor, reader, bestPanels(config, onProblem)),
      pictureOf: (given) =>
        /^fig_[0-9a-f]{24}$/.test(given) ? storedPicture(given, config) : pictureFile(given, config, reader),
    });
  } finally {
    reader.close();
  }
}

async function pictureFile(given: string, { data }: Config, reader: ImageReader): Promise<GivenPicture> {
  const image = await readFile(given).catch((error: unknown) => {
    const what = systemCodeOf(error) === 'ENOENT' ? 'there is no such file' : messageOf(error);
    const expected = `an image file, or a figure’s id (fig_…, as “${advice('search TEXT --json', data)}” gives it)`;
    throw new FigseekError('BAD_USER_INPUT', `Expected ${expected} but received ${given}: ${what}`);
  });
  const { width, height } = await reader.check(image);
  const unknown = { license: null, modality: null, pixelSpacing: null, panels: [] };
  return { file: path.basename(given), image, width, height, ...unknown };
}

async function storedPicture(id: string, config: Config): Promise<GivenPicture> {
  // To look makes no database: without one there is no figure.
  if (!hasCorpus(config)) throw new FigseekError('NOT_FOUND', `There is no figure ${id} in ${config.data}`);
  const blobs = new FileBlobStore(path.join(config.data, 'images'));
  return withStores(config, async ({ figures }) => {
    const picture = await readStoredPicture(id, figures, blobs).catch((error: unknown) => {
      if (!(error instanceof FigseekError) || error.code !== 'NOT_FOUND') throw error;
      throw new FigseekError('NOT_FOUND', `${error.message} in ${config.data}`);
    });
    return { file: id, ...picture };
  });
}

/** As a server chooses, by the active model; where that is not installed, the first panel beside the whole figure. */
function bestPanels(config: Config, onProblem: (problem: string) => void): BestPanels {
  return {
    select: async (panels, texts) => {
      try {
        return await withApp(config, (core) => core.get(ActiveModel).current.bestPanels.select(panels, texts));
      } catch (error) {
        const first = panels.find(({ id }) => !isWholeFigure(id));
        if (first === undefined || !(error instanceof FigseekError) || error.code !== 'MODEL_UNAVAILABLE') throw error;
        onProblem(`The panels cannot be compared with the prompts, so the first one is taken: ${error.message}`);
        return texts.map(() => first);
      }
    },
  };
}
