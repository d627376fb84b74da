import { constants } from 'node:fs';
import { copyFile, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import type { z } from 'zod';
import { FigseekError, messageOf } from '../domain/errors.js';
import { sha256 } from '../domain/ids.js';
import { issuesInWords } from '../domain/issues.js';
import { BytePairs } from '../model-packages/open-clip/byte-pairs.js';
import { checkSpace } from '../platform/free-space.js';
import { readGraphFacts, type GraphFacts, type GraphValue } from './onnx/read-graph.js';
import type { Precision } from '../domain/precision.js';
import { loadDualEncoder } from '../model-packages/open-clip/load-dual-encoder.js';
import { readBytePairs, readVocabulary } from '../model-packages/open-clip/vocabulary.js';
import { WordPiece } from '../model-packages/open-clip/word-piece.js';
import {
  fileName,
  listFiles,
  manifestSchema,
  onnxPairSchema,
  type DualEncoderManifest,
  type PackageFile,
} from '../model-packages/package-manifest.js';
import { PackageFiles, putPackage, readSibling, type ImportOptions } from './write-package.js';

export const manifestName = 'model.json';

type Pair = z.infer<typeof onnxPairSchema>;

/** A graph's own values, as the contract in domain/dual-encoder.ts has them; a size that any goes for is null. */
interface Contract {
  readonly inputs: readonly GraphValue[];
  readonly output: GraphValue;
}

/**
 * Reads a folder with a dual encoder in ONNX and a `model.json` that describes it; copies it beside the other packages.
 * Its graphs must keep the contract of domain/dual-encoder.ts: names, types and sizes are compared, then the model is
 * tried out.
 * @throws {FigseekError} BAD_USER_INPUT naming the file and the reason; CONFLICT where the name is taken
 */
export async function importOnnxPair(folder: string, options: ImportOptions): Promise<DualEncoderManifest> {
  const { tryOut } = options;
  if (tryOut === undefined)
    throw new TypeError('Graphs that others made are imported only where they can be tried out');
  const file = path.join(folder, manifestName);
  const { pair, whole } = await readSibling(file, (text) => {
    const json: unknown = JSON.parse(text);
    const parsed = onnxPairSchema.safeParse(json);
    const ours = manifestSchema.safeParse(json);
    if (parsed.success) return { pair: parsed.data, whole: ours.success ? ours.data : null };
    throw new Error(issuesInWords(parsed.error.issues));
  });
  checkPrecision(options.precision, pair.precision);
  await checkSpace(options.modelsDir, 0, await filesBytes(folder));
  return putPackage(options, `The model in ${folder}`, async (working) => {
    const { manifest, tokens } = await describe(folder, new PackageFiles(working), pair, options);
    await tryOut(await loadDualEncoder(working, manifest), tokens);
    return whole?.kind === 'dual-encoder' ? restoreManifest(whole, manifest) : manifest;
  });
}

/** At most so much is copied: weights have names that only the graphs tell. */
async function filesBytes(folder: string): Promise<number> {
  const files = (await readdir(folder, { withFileTypes: true })).filter((entry) => entry.isFile());
  const sizes = await Promise.all(files.map(async ({ name }) => (await stat(path.join(folder, name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** Graphs are copied, not rewritten. @throws {FigseekError} BAD_USER_INPUT where another precision is asked for; fp32 is the default */
function checkPrecision(wanted: Precision = 'fp32', own: Precision): void {
  if (wanted === 'fp32' || wanted === own) return;
  throw new FigseekError(
    'BAD_USER_INPUT',
    `A dual encoder in ONNX is taken as it is, here ${own}, not as ${wanted}: leave --precision out, or convert its graphs first`,
  );
}

/**
 * A package of figseek from another machine stays what it was: its vectors there are its vectors here.
 * @throws {Error} where a file differs from what its `model.json` says
 */
function restoreManifest(whole: DualEncoderManifest, taken: DualEncoderManifest): DualEncoderManifest {
  for (const file of listFiles(taken)) {
    const told = listFiles(whole).find((one) => one.file === file.file);
    if (told?.sha256 !== file.sha256) throw new Error(`${file.file} differs from ${manifestName}`);
  }
  const { name, license, warning, source } = taken;
  return { ...whole, name, license, warning, source };
}

async function describe(
  folder: string,
  files: PackageFiles,
  pair: Pair,
  options: ImportOptions,
): Promise<{ manifest: DualEncoderManifest; tokens: number }> {
  const { dimensions, contextLength, imageSize, mean, std, resize, fill, precision, support } = pair;
  const pixels: GraphValue = { name: 'pixels', type: 'uint8', shape: [null, imageSize, imageSize, 3] };
  const output: GraphValue = { name: 'embedding', type: 'float32', shape: [null, dimensions] };
  const idsAndMask = ['input_ids', 'attention_mask'].map((name) => ({ name, type: 'int32', shape: [null, null] }));
  const image = await takeGraph(folder, files, pair.image, { inputs: [pixels], output });
  const text = await takeGraph(folder, files, pair.text, { inputs: idsAndMask, output });
  const { tokens, tokenizer } = await takeTokenizer(folder, files, pair);
  const hashes = [image.graph, image.weights, text.graph, text.weights].map((one) => one?.sha256);
  const use: unknown[] = [contextLength, imageSize, mean, std, resize];
  use.push(tokenizer.vocabulary.sha256, tokenizer.merges?.sha256);
  if (fill !== undefined && fill > 0) use.push(fill);
  const manifest: DualEncoderManifest = {
    format: 1,
    name: options.name,
    kind: 'dual-encoder',
    version: sha256(JSON.stringify([hashes, precision, use])),
    precision,
    ...{ dimensions, contextLength, imageSize, mean, std, resize },
    ...(fill === undefined ? {} : { fill }),
    license: options.license ?? pair.license,
    warning: options.warning ?? pair.warning,
    source: options.source ?? pair.source ?? path.basename(path.resolve(folder)),
    ...(options.consent === undefined ? {} : { consent: options.consent }),
    image,
    ...(support === undefined
      ? {}
      : { support: { graph: await takeSupport(folder, files, pair, image), grid: support.grid } }),
    text,
    ...tokenizer,
  };
  return { manifest, tokens };
}

/** Heat maps read the weights of the image graph, and no other. */
async function takeSupport(
  folder: string,
  files: PackageFiles,
  { dimensions, imageSize, support }: Pair,
  image: DualEncoderManifest['image'],
): Promise<PackageFile> {
  const { graph: name, grid } = support ?? { graph: '', grid: 0 };
  const taken = await takeGraph(folder, files, name, {
    inputs: [
      { name: 'pixels', type: 'uint8', shape: [null, imageSize, imageSize, 3] },
      { name: 'direction', type: 'float32', shape: [null, dimensions] },
    ],
    output: { name: 'support', type: 'float32', shape: [null, 1 + grid ** 2] },
  });
  if (taken.weights !== undefined && taken.weights.file !== image.weights?.file) {
    throw new Error(`${name} has weights in ${taken.weights.file}; expected those of the image graph`);
  }
  return taken.graph;
}

/** Copies a graph and the file of its weights. @throws {Error} naming what does not keep the contract */
async function takeGraph(
  folder: string,
  files: PackageFiles,
  name: string,
  contract: Contract,
): Promise<DualEncoderManifest['image']> {
  const facts = await readGraphFacts(path.join(folder, name)).catch((error: unknown) => {
    throw new Error(`${name}: ${messageOf(error)}`, { cause: error });
  });
  checkContract(name, facts, contract);
  const [weights, ...more] = facts.externalFiles;
  if (more.length > 0) {
    throw new Error(
      `${name} has weights in ${facts.externalFiles.length} files; expected one (onnx: all_tensors_to_one_file)`,
    );
  }
  if (weights !== undefined && !fileName.safeParse(weights).success) {
    throw new Error(
      `${name} names ${JSON.stringify(weights.slice(0, 100))} as the file of its weights; expected one beside it`,
    );
  }
  const graph = await take(folder, files, name);
  return weights === undefined ? { graph } : { graph, weights: await take(folder, files, weights) };
}

function checkContract(name: string, { inputs, outputs }: GraphFacts, contract: Contract): void {
  const same = inputs.length === contract.inputs.length && contract.inputs.every((one) => inputs.some(fits(one)));
  if (!same) throw new Error(`${name} takes ${listed(inputs)}; expected ${listed(contract.inputs)}`);
  if (!outputs.some(fits(contract.output))) {
    throw new Error(`${name} gives ${listed(outputs)}; expected ${listed([contract.output])}`);
  }
}

/** A size that either leaves open fits any. */
function fits({ name, type, shape }: GraphValue): (value: GraphValue) => boolean {
  return (value) =>
    value.name === name &&
    value.type === type &&
    value.shape.length === shape.length &&
    value.shape.every((size, axis) => size === null || shape[axis] === null || size === shape[axis]);
}

function listed(values: readonly GraphValue[]): string {
  return values
    .map(({ name, type, shape }) => `${name} ${type} [${shape.map((size) => size ?? '?').join(', ')}]`)
    .join(' and ');
}

async function takeTokenizer(
  folder: string,
  files: PackageFiles,
  { vocabulary, merges, contextLength }: Pair,
): Promise<{ tokens: number; tokenizer: Pick<DualEncoderManifest, 'vocabulary' | 'merges'> }> {
  // The names under which a package keeps them.
  const [expected, other] = merges === undefined ? ['vocab.txt', undefined] : ['vocab.json', 'merges.txt'];
  if (vocabulary !== expected || merges !== other) {
    throw new Error(
      `the tokenizer is ${vocabulary}; expected vocab.txt (WordPiece), or vocab.json with merges.txt (CLIP)`,
    );
  }
  if (merges === undefined) {
    const lines = await readVocabulary(folder);
    new WordPiece(lines, contextLength);
    return { tokens: lines.length, tokenizer: { vocabulary: await take(folder, files, vocabulary) } };
  }
  const texts = await readBytePairs(folder);
  const { size } = new BytePairs(texts.vocabulary, texts.merges, contextLength);
  const taken = { vocabulary: await take(folder, files, vocabulary), merges: await take(folder, files, merges) };
  return { tokens: size, tokenizer: taken };
}

async function take(folder: string, files: PackageFiles, name: string): Promise<PackageFile> {
  const target = path.join(files.folder, name);
  await copyFile(path.join(folder, name), target, constants.COPYFILE_FICLONE).catch((error: unknown) => {
    throw new Error(`${name} cannot be read: ${messageOf(error)}`, {
      cause: error,
    });
  });
  return files.file(name);
}
