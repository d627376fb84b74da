import { access, mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { FigseekError, messageOf, systemCodeOf } from '../../domain/errors.js';
import { openCheckpoint } from '../checkpoint/open-checkpoint.js';
import type { Checkpoint } from '../checkpoint/tensor.js';
import { GraphWriter } from '../onnx/graph-writer.js';
import { plans, type Precision } from '../onnx/precision.js';
import { packageName, type PackageManifest } from '../package-manifest.js';
import { describePackage, type PackageFacts, type Written } from './describe-package.js';
import { writeImageGraph, writeSupportGraph } from './image-graph.js';
import { Layers } from './layers.js';
import { Parameters } from './parameters.js';
import { parseOpenClipConfig, type OpenClipConfig } from './open-clip-config.js';
import { newWorkingFolder, putInPlaceOf, sweepLeftovers } from './package-folder.js';
import { checkStateDict, type Sizes } from './state-dict.js';
import { writeTextGraph } from './text-graph.js';
import { readVocabulary } from './vocabulary.js';
import { WordPiece } from './word-piece.js';

export interface ImportOptions extends PackageFacts {
  /** Folder that holds one folder a package. */
  readonly modelsDir: string;
  /** Default: fp32. */
  readonly precision?: Precision;
  /** Put the new package in the place of one of the same name. */
  readonly replace?: boolean;
}

const configName = 'open_clip_config.json';
const weightsNames = ['open_clip_pytorch_model.bin', 'open_clip_model.safetensors', 'model.safetensors'];

/**
 * Reads an open_clip folder of the ViT + BERT family and writes a model package. It appears whole or not at all.
 * @throws {FigseekError} BAD_USER_INPUT naming the file and the reason; CONFLICT where the name is taken
 */
export async function importOpenClip(folder: string, options: ImportOptions): Promise<PackageManifest> {
  const name = packageName.safeParse(options.name);
  if (!name.success)
    throw new FigseekError(
      'BAD_USER_INPUT',
      `The name ${options.name} does not fit: ${name.error.issues[0]?.message ?? ''}`,
    );
  const target = path.join(options.modelsDir, name.data);
  const taken = await exists(target);
  if (taken && options.replace !== true) {
    throw new FigseekError(
      'CONFLICT',
      `There is a package ${options.name} already; choose another name with --as, or --replace`,
    );
  }
  const config = await readConfig(path.join(folder, configName));
  const checkpoint = await openCheckpoint(await findWeights(folder));
  await sweepLeftovers(options.modelsDir);
  const working = newWorkingFolder(options.modelsDir);
  try {
    const manifest = await convert(checkpoint, config, folder, working, options);
    if (taken) await putInPlaceOf(target, working);
    else await rename(working, target);
    return manifest;
  } catch (error) {
    // What cannot be deleted now is swept by a later import; the reason must not be hidden by it.
    await rm(working, { recursive: true, force: true }).catch(() => undefined);
    if (error instanceof FigseekError) throw error;
    // A full disk or a locked folder says nothing about the checkpoint.
    if (systemCodeOf(error) !== null) {
      const message = `The package cannot be written to ${options.modelsDir}: ${messageOf(error)}`;
      throw new FigseekError('INTERNAL_SERVER_ERROR', message, { cause: error });
    }
    throw new FigseekError('BAD_USER_INPUT', `The checkpoint ${checkpoint.file} is refused: ${messageOf(error)}`);
  } finally {
    await checkpoint.close();
  }
}

async function convert(
  checkpoint: Checkpoint,
  config: OpenClipConfig,
  folder: string,
  working: string,
  options: ImportOptions,
): Promise<PackageManifest> {
  const sizes = checkStateDict(checkpoint, config);
  const vocabulary = await checkedVocabulary(folder, sizes, config);
  await mkdir(working, { recursive: true });
  const precision = options.precision ?? 'fp32';
  const write = async (name: string, graphs: (layers: Layers) => Promise<void>): Promise<Written> => {
    const writer = await GraphWriter.create(working, name, plans[precision].activations);
    try {
      const parameters = new Parameters(checkpoint, precision, writer);
      await graphs(new Layers(writer, parameters));
      return { weights: await writer.finish(), read: parameters.digest() };
    } finally {
      await writer.abandon();
    }
  };
  const image = await write('image', async (layers) => {
    await writeImageGraph(layers, sizes, config);
    const support = layers.graph.beside('support');
    await writeSupportGraph(layers.inFloat32(support), sizes, config);
    await support.writeGraph();
  });
  const text = await write('text', (layers) => writeTextGraph(layers, sizes));
  await writeFile(path.join(working, 'vocab.txt'), `${vocabulary.join('\n')}\n`, { flush: true });
  const manifest = await describePackage(working, config, sizes, { ...options, precision }, [image, text]);
  await writeFile(path.join(working, 'model.json'), `${JSON.stringify(manifest, null, 2)}\n`, { flush: true });
  return manifest;
}

async function readConfig(file: string): Promise<OpenClipConfig> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new FigseekError('BAD_USER_INPUT', `The configuration ${file} cannot be read: ${messageOf(error)}`);
  });
  try {
    return parseOpenClipConfig(text);
  } catch (error) {
    throw new FigseekError('BAD_USER_INPUT', `The configuration ${file} is refused: ${messageOf(error)}`);
  }
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

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
