import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { openClipWeights } from '../../model-packages/open-clip/weight-names.js';
import { FigseekError } from '../../domain/errors.js';
import { sha256 } from '../../domain/ids.js';
import { BytePairs } from '../../model-packages/open-clip/byte-pairs.js';
import type { DualEncoderManifest } from '../../model-packages/package-manifest.js';
import { readSibling, writePackage, type ImportOptions, type PackageWriter } from '../write-package.js';
import { writeBertGraph } from './bert-graph.js';
import { writeClipTextGraph } from './clip-text-graph.js';
import { writeImageGraph, writeSupportGraph } from './image-graph.js';
import { Layers } from './layers.js';
import { biomedClipCard } from '../../model-packages/open-clip/model-card.js';
import { imageOperations } from './operations.js';
import { Parameters } from './parameters.js';
import { parseOpenClipConfig, type OpenClipConfig } from './open-clip-config.js';
import { checkStateDict, type Towers } from './state-dict.js';
import type { TextTower } from './text-tower.js';
import { readBytePairs, readVocabulary } from '../../model-packages/open-clip/vocabulary.js';
import { WordPiece } from '../../model-packages/open-clip/word-piece.js';

export const openClipConfigName = 'open_clip_config.json';

/**
 * Reads an open_clip folder and writes a model package: a ViT of timm or of open_clip itself beside a BERT or CLIP's
 * text transformer. It appears whole or not at all.
 * @throws {FigseekError} BAD_USER_INPUT naming the file and the reason; CONFLICT where the name is taken
 */
export async function importOpenClip(folder: string, options: ImportOptions): Promise<DualEncoderManifest> {
  const config = await readSibling(path.join(folder, openClipConfigName), parseOpenClipConfig);
  return writePackage(await findWeights(folder), options, (writer) => convert(writer, config, folder));
}

/** The files of a tokenizer: with merges it is CLIP's byte pairs, without it is WordPiece. */
type TokenizerFiles = Pick<DualEncoderManifest, 'vocabulary' | 'merges'>;

async function convert(writer: PackageWriter, config: OpenClipConfig, folder: string): Promise<DualEncoderManifest> {
  const towers = checkStateDict(writer.checkpoint, config);
  const tokenizer = await writeTokenizer(writer, folder, towers.text, config.text.contextLength);
  const read: string[] = [];
  const write = (name: string, headSize: number, graphs: (layers: Layers) => Promise<void>): Promise<void> =>
    writer.graph(name, async (graph) => {
      const parameters = new Parameters(writer.checkpoint, writer.precision, graph);
      await graphs(new Layers(graph, parameters, headSize));
      read.push(parameters.digest());
    });
  await write('image', towers.image.headSize, async (layers) => {
    await writeImageGraph(layers, towers.image, config);
    const support = layers.graph.beside('support');
    await writeSupportGraph(layers.inFloat32(support), towers.image, config);
    await support.writeGraph();
  });
  await write('text', towers.text.headSize, (layers) => writeTextGraph(layers, towers.text));
  return describe(writer, config, towers, { ...tokenizer, checkpoint: sha256(read.join()) });
}

function writeTextGraph(layers: Layers, tower: TextTower): Promise<void> {
  return tower.form === 'bert' ? writeBertGraph(layers, tower) : writeClipTextGraph(layers, tower);
}

async function describe(
  writer: PackageWriter,
  config: OpenClipConfig,
  { image, text }: Towers,
  { vocabulary, merges, checkpoint }: TokenizerFiles & { readonly checkpoint: string },
): Promise<DualEncoderManifest> {
  const preparation = describePreparation(config);
  const { contextLength } = config.text;
  const { imageSize, mean, std, resize, fill } = preparation;
  const use: unknown[] = [contextLength, imageSize, mean, std, resize, vocabulary.sha256];
  if (merges !== undefined) use.push(merges.sha256);
  if (fill !== undefined) use.push(fill);
  // What the weights do not tell of open_clip's own towers; the other forms have it by their kind.
  if (config.vision.form === 'clip') use.push(image.quickGelu, image.headSize);
  if (text.form === 'clip') use.push(text.quickGelu, text.headSize);
  return {
    format: 1,
    name: writer.options.name,
    kind: 'dual-encoder',
    version: writer.version(use),
    precision: writer.precision,
    checkpoint,
    dimensions: image.embedding,
    contextLength,
    ...preparation,
    ...describeOrigin(writer, config, image.width),
    imageOperations: imageOperations(image),
    image: await writer.graphFiles('image'),
    support: { graph: await writer.file('support.onnx'), grid: image.grid },
    text: await writer.graphFiles('text'),
    vocabulary,
    ...(merges === undefined ? {} : { merges }),
  };
}

/** How an image becomes the input of the image tower. */
function describePreparation({ vision, mean, std, resizeMode, interpolation, fill }: OpenClipConfig) {
  return {
    imageSize: vision.imageSize,
    mean: toTriple(mean),
    std: toTriple(std),
    resize: `${resizeMode}-${interpolation}-pillow` as const,
    ...(fill > 0 ? { fill } : {}),
  };
}

/** License, warning and source: as the caller gave them, else those of a known model. */
function describeOrigin({ options }: PackageWriter, config: OpenClipConfig, imageWidth: number) {
  const known = isBiomedClip(config, imageWidth) ? biomedClipCard : null;
  return {
    license: options.license ?? known?.license ?? 'unknown',
    warning: options.warning ?? known?.warning ?? null,
    source: options.source ?? (config.text.form === 'bert' ? config.text.modelName : 'open_clip'),
    ...(options.consent === undefined ? {} : { consent: options.consent }),
  };
}

function isBiomedClip({ text }: OpenClipConfig, imageWidth: number): boolean {
  return text.form === 'bert' && /BiomedBERT|PubMedBERT/.test(text.modelName) && imageWidth === 768;
}

async function findWeights(folder: string): Promise<string> {
  const names = await readdir(folder);
  const found = openClipWeights.find((name) => names.includes(name));
  if (found !== undefined) return path.join(folder, found);
  throw new FigseekError('BAD_USER_INPUT', `${folder} has no weights; expected one of ${openClipWeights.join(', ')}`);
}

async function writeTokenizer(
  writer: PackageWriter,
  folder: string,
  tower: TextTower,
  contextLength: number,
): Promise<TokenizerFiles> {
  if (tower.form === 'bert') {
    const tokens = await readVocabulary(folder);
    checkRows(tokens.length, tower);
    new WordPiece(tokens, contextLength);
    return { vocabulary: await writer.text('vocab.txt', `${tokens.join('\n')}\n`) };
  }
  const { vocabulary, merges } = await readBytePairs(folder);
  checkRows(new BytePairs(vocabulary, merges, contextLength).size, tower);
  return {
    vocabulary: await writer.text('vocab.json', vocabulary),
    merges: await writer.text('merges.txt', merges),
  };
}

function checkRows(tokens: number, { vocabulary: rows }: TextTower): void {
  if (tokens <= rows) return;
  throw new Error(`the vocabulary has ${tokens} tokens while the word embeddings have ${rows} rows`);
}

function toTriple(values: readonly number[]): [number, number, number] {
  const [a = 0, b = 0, c = 0] = values;
  return [a, b, c];
}
