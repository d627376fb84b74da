import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { FigseekError } from '../../domain/errors.js';
import { sha256 } from '../../domain/ids.js';
import type { DualEncoderManifest, PackageFile } from '../package-manifest.js';
import { readBeside, writePackage, type ImportOptions, type PackageWriter } from '../write-package.js';
import { writeImageGraph, writeSupportGraph } from './image-graph.js';
import { Layers } from './layers.js';
import { biomedClipCard } from './model-card.js';
import { imageOperations } from './operations.js';
import { Parameters } from './parameters.js';
import { parseOpenClipConfig, type OpenClipConfig } from './open-clip-config.js';
import { checkStateDict, type Sizes } from './state-dict.js';
import { writeTextGraph } from './text-graph.js';
import { readVocabulary } from './vocabulary.js';
import { WordPiece } from './word-piece.js';

export const openClipConfigName = 'open_clip_config.json';
const weightsNames = ['open_clip_pytorch_model.bin', 'open_clip_model.safetensors', 'model.safetensors'];

/**
 * Reads an open_clip folder of the ViT + BERT family and writes a model package. It appears whole or not at all.
 * @throws {FigseekError} BAD_USER_INPUT naming the file and the reason; CONFLICT where the name is taken
 */
export async function importOpenClip(folder: string, options: ImportOptions): Promise<DualEncoderManifest> {
  const config = await readBeside(path.join(folder, openClipConfigName), parseOpenClipConfig);
  return writePackage(await findWeights(folder), options, (writer) => convert(writer, config, folder));
}

async function convert(writer: PackageWriter, config: OpenClipConfig, folder: string): Promise<DualEncoderManifest> {
  const sizes = checkStateDict(writer.checkpoint, config);
  const tokens = await checkedVocabulary(folder, sizes, config);
  const read: string[] = [];
  const write = (name: string, graphs: (layers: Layers) => Promise<void>): Promise<void> =>
    writer.graph(name, async (graph) => {
      const parameters = new Parameters(writer.checkpoint, writer.precision, graph);
      await graphs(new Layers(graph, parameters));
      read.push(parameters.digest());
    });
  await write('image', async (layers) => {
    await writeImageGraph(layers, sizes, config);
    const support = layers.graph.beside('support');
    await writeSupportGraph(layers.inFloat32(support), sizes, config);
    await support.writeGraph();
  });
  await write('text', (layers) => writeTextGraph(layers, sizes));
  const vocabulary = await writer.text('vocab.txt', `${tokens.join('\n')}\n`);
  return describe(writer, config, sizes, { vocabulary, checkpoint: sha256(read.join()) });
}

async function describe(
  writer: PackageWriter,
  config: OpenClipConfig,
  sizes: Sizes,
  { vocabulary, checkpoint }: { readonly vocabulary: PackageFile; readonly checkpoint: string },
): Promise<DualEncoderManifest> {
  const { options, precision } = writer;
  const { contextLength, imageSize } = config;
  const mean = triple(config.mean);
  const std = triple(config.std);
  const resize = 'shortest-bicubic-pillow' as const;
  const known = isBiomedClip(config, sizes) ? biomedClipCard : null;
  return {
    format: 1,
    name: options.name,
    kind: 'dual-encoder',
    version: writer.version([contextLength, imageSize, mean, std, resize, vocabulary.sha256]),
    precision,
    checkpoint,
    dimensions: sizes.embedding,
    contextLength,
    imageSize,
    mean,
    std,
    resize,
    license: options.license ?? known?.license ?? 'unknown',
    warning: options.warning ?? known?.warning ?? null,
    source: options.source ?? config.textModelName,
    ...(options.consent === undefined ? {} : { consent: options.consent }),
    imageOperations: imageOperations(sizes),
    image: await writer.graphFiles('image'),
    support: { graph: await writer.file('support.onnx'), grid: sizes.grid },
    text: await writer.graphFiles('text'),
    vocabulary,
  };
}

function isBiomedClip({ textModelName }: OpenClipConfig, { imageWidth, textWidth }: Sizes): boolean {
  return /BiomedBERT|PubMedBERT/.test(textModelName) && imageWidth === 768 && textWidth === 768;
}

async function findWeights(folder: string): Promise<string> {
  const names = await readdir(folder);
  const found = weightsNames.find((name) => names.includes(name));
  if (found !== undefined) return path.join(folder, found);
  throw new FigseekError('BAD_USER_INPUT', `${folder} has no weights; expected one of ${weightsNames.join(', ')}`);
}

async function checkedVocabulary(folder: string, sizes: Sizes, config: OpenClipConfig): Promise<readonly string[]> {
  const vocabulary = await readVocabulary(folder);
  if (vocabulary.length > sizes.vocabulary) {
    throw new Error(
      `the vocabulary has ${vocabulary.length} tokens while the word embeddings have ${sizes.vocabulary} rows`,
    );
  }
  new WordPiece(vocabulary, config.contextLength);
  return vocabulary;
}

function triple(values: readonly number[]): [number, number, number] {
  const [a = 0, b = 0, c = 0] = values;
  return [a, b, c];
}
