import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { FigseekError } from '../../domain/errors.js';
import type { Precision } from '../../domain/precision.js';
import type { PanelDetectorManifest } from '../../model-packages/package-manifest.js';
import type { FloatType } from '../../model-packages/precision.js';
import { Layers } from '../layers.js';
import { readSibling, writePackage, type ImportOptions, type PackageWriter } from '../write-package.js';
import { parseDabDetrConfig, type DabDetrConfig } from './config.js';
import { writeDetectorGraph } from './detector-graph.js';
import { parsePreparation, type DetectorPreparation } from './preparation.js';
import { checkStateDict } from './state-dict.js';

export const detectorConfigName = 'preprocessor_config.json';
const weightsName = 'model.safetensors';
/** Scores and overlaps of the detector's own code (VectorInstitute/pmc-data-extraction, `split_figures`). */
const limits = { minScore: 0.2, maxOverlap: 0.2 };

/**
 * Reads the folder of a DabDetrForObjectDetection of transformers (`model.safetensors`, `config.json`, `preprocessor_config.json`)
 * and writes a model package. It appears whole or not at all.
 * @throws {FigseekError} BAD_USER_INPUT naming the file and the reason; CONFLICT where the name is taken
 */
export async function importDabDetr(folder: string, options: ImportOptions): Promise<PanelDetectorManifest> {
  const config = await readSibling(path.join(folder, 'config.json'), parseDabDetrConfig);
  const preparation = await readSibling(path.join(folder, detectorConfigName), parsePreparation);
  const weights = await findWeights(folder);
  return writePackage(weights, options, (writer) => convert(writer, config, preparation));
}

/** A pickle is a program that builds tensors: the detector is published without one, so none is read. */
async function findWeights(folder: string): Promise<string> {
  const names = await readdir(folder);
  if (names.includes(weightsName)) return path.join(folder, weightsName);
  const pickles = names.filter((name) => /\.(?:pth?|bin|ckpt|pkl)$/i.test(name)).sort();
  const refused = pickles.length === 0 ? '' : `: ${pickles.join(', ')} may hold executable code and is not read`;
  throw new FigseekError('BAD_USER_INPUT', `${folder} has no ${weightsName}${refused}`);
}

async function convert(
  writer: PackageWriter,
  config: DabDetrConfig,
  preparation: DetectorPreparation,
): Promise<PanelDetectorManifest> {
  const network = checkStateDict(writer.checkpoint, config);
  const storage = storageFor(writer.precision);
  await writer.graph('detector', (graph) =>
    writeDetectorGraph(new Layers(graph, writer.checkpoint, storage), network, preparation),
  );
  const { options, precision } = writer;
  const { size, mean, std } = preparation;
  const resize = 'squash-bilinear-pillow' as const;
  const { resNet: _backbone, ...use } = network;
  return {
    format: 1,
    name: options.name,
    kind: 'panel-detector',
    version: writer.version([use, size, mean, std, resize, limits]),
    precision,
    imageSize: size,
    resize,
    mean: [...mean],
    std: [...std],
    ...limits,
    license: options.license ?? 'unknown',
    warning: options.warning ?? null,
    source: options.source ?? 'DAB-DETR',
    ...(options.consent === undefined ? {} : { consent: options.consent }),
    detector: await writer.graphFiles('detector'),
  };
}

/** @throws {FigseekError} BAD_USER_INPUT for a precision in which boxes would move */
function storageFor(precision: Precision): FloatType {
  if (precision === 'fp32') return 'float32';
  if (precision === 'fp16-weights') return 'float16';
  const reason = 'six layers move each box, and their rounding adds up';
  throw new FigseekError(
    'BAD_USER_INPUT',
    `A panel detector is imported as fp32 or fp16-weights, not as ${precision}: ${reason}`,
  );
}
