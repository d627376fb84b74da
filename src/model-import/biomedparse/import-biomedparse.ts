import path from 'node:path';
import { FigseekError, messageOf } from '../../domain/errors.js';
import { Layers } from '../layers.js';
import type { GraphWriter } from '../onnx/graph-writer.js';
import type { Precision } from '../../domain/precision.js';
import type { FloatType } from '../../model-packages/precision.js';
import { statisticsSchema, type SegmenterManifest } from '../../model-packages/package-manifest.js';
import { readSibling, writePackage, type ImportOptions, type PackageWriter } from '../write-package.js';
import { BytePairs } from '../../model-packages/open-clip/byte-pairs.js';
import { parseBiomedParseConfig, sizeMultiple, type BiomedParseConfig } from './config.js';
import { writeDecoderGraph } from './decoder-graph.js';
import { writeImageGraph } from './image-graph.js';
import { checkStateDict } from './state-dict.js';
import { writeTextGraph } from './text-graph.js';

export const biomedParseWeightsName = 'biomedparse_v1.pt';

/** The texts beside the weights. */
interface Beside {
  readonly config: BiomedParseConfig;
  readonly vocabulary: string;
  readonly merges: string;
  readonly statistics: SegmenterManifest['statistics'];
}

/**
 * Reads a BiomedParse v1 folder (`biomedparse_v1.pt`, `config.yaml`, `target_dist.json`, CLIP's `vocab.json` and
 * `merges.txt`) and writes a model package. It appears whole or not at all.
 * @throws {FigseekError} BAD_USER_INPUT naming the file and the reason; CONFLICT where the name is taken
 */
export async function importBiomedParse(folder: string, options: ImportOptions): Promise<SegmenterManifest> {
  const beside = {
    config: await readSibling(path.join(folder, 'config.yaml'), parseBiomedParseConfig),
    vocabulary: await readSibling(path.join(folder, 'vocab.json'), asItIs),
    merges: await readSibling(path.join(folder, 'merges.txt'), asItIs),
    statistics: await readSibling(path.join(folder, 'target_dist.json'), parseStatistics),
  };
  return writePackage(path.join(folder, biomedParseWeightsName), options, (writer) => convert(writer, beside));
}

async function convert(writer: PackageWriter, beside: Beside): Promise<SegmenterManifest> {
  const { config } = beside;
  const { vocabulary } = checkStateDict(writer.checkpoint, config);
  checkTokenizer(beside, vocabulary);
  const storage = storageFor(writer.precision);
  const layers = (graph: GraphWriter): Layers => new Layers(graph, writer.checkpoint, storage);
  await writer.graph('image', (graph) => {
    if (writer.precision === 'fp16') graph.computeInHalf();
    return writeImageGraph(layers(graph), config);
  });
  await writer.graph('text', (graph) => writeTextGraph(layers(graph), config));
  await writer.graph('decoder', (graph) => writeDecoderGraph(layers(graph), config));
  return describe(writer, beside);
}

/**
 * In `fp16` the image graph alone computes in half, nine tenths of the work: text tower (epsilons of 1e-12) and decoder
 * (attention masks are thresholds, which rounding flips) compute in float32.
 * @throws {FigseekError} BAD_USER_INPUT for a precision that this network does not bear
 */
function storageFor(precision: Precision): FloatType {
  if (precision === 'fp32') return 'float32';
  if (precision === 'fp16' || precision === 'fp16-weights') return 'float16';
  throw new FigseekError(
    'BAD_USER_INPUT',
    `A segmenter is imported as fp32, fp16-weights or fp16, not as ${precision}: its attention masks are thresholds, which rounding flips`,
  );
}

function checkTokenizer({ vocabulary, merges, config }: Beside, rows: number): void {
  let size: number;
  try {
    ({ size } = new BytePairs(vocabulary, merges, config.text.context));
  } catch (error) {
    if (error instanceof FigseekError) throw error;
    throw new Error(`vocab.json or merges.txt does not fit: ${messageOf(error)}`, { cause: error });
  }
  if (size !== rows) throw new Error(`vocab.json has ${size} tokens while the word table has ${rows} rows`);
}

async function describe(writer: PackageWriter, beside: Beside): Promise<SegmenterManifest> {
  const { options, precision } = writer;
  const { config, statistics } = beside;
  const vocabulary = await writer.text('vocab.json', beside.vocabulary);
  const merges = await writer.text('merges.txt', beside.merges);
  const mean: SegmenterManifest['mean'] = [...config.mean];
  const std: SegmenterManifest['std'] = [...config.std];
  const resize = 'padded-square-spline-skimage' as const;
  const { source, license, warning, imageSize } = config.origin;
  const use = [config.text.context, imageSize, mean, std, resize, vocabulary.sha256, merges.sha256, config.heads];
  return {
    format: 1,
    name: options.name,
    kind: 'segmenter',
    version: writer.version([...use, config.text.heads]),
    precision,
    contextLength: config.text.context,
    imageSize,
    sizeMultiple,
    queries: config.queries,
    mean,
    std,
    resize,
    license: options.license ?? license,
    warning: options.warning ?? warning,
    source,
    image: await writer.graphFiles('image'),
    text: await writer.graphFiles('text'),
    decoder: await writer.graphFiles('decoder'),
    vocabulary,
    merges,
    prompts: Object.fromEntries(Object.entries(statistics).map(([type, targets]) => [type, Object.keys(targets)])),
    statistics,
  };
}

function parseStatistics(text: string): SegmenterManifest['statistics'] {
  return statisticsSchema.parse(JSON.parse(text));
}

function asItIs(text: string): string {
  return text;
}
