import { readFile } from 'node:fs/promises';
import { Command } from 'commander';
import { z } from 'zod';
import { loadConfig } from '../app/config.js';
import { newEncoder, newReader } from '../app/model-runtime.js';
import { decodeText } from '../domain/decode-text.js';
import { FigseekError, messageOf } from '../domain/errors.js';
import { ModelRegistry } from '../model-packages/package-registry.js';
import { printJson } from './output.js';
import type { ImageReader, ReadImage } from '../ports/image-reader.js';

interface Options {
  readonly images?: readonly string[];
  readonly texts?: string;
  readonly tokenIds?: string;
  readonly model?: string;
}

const batch = 32;

export function embedCommand(): Command {
  return new Command('embed')
    .description('prints unit vectors as JSON lines, in the order of the input')
    .option('--images <file...>', 'image files')
    .option('--texts <file>', 'a .txt file (a text a line) or a .json file (an array of strings)')
    .option('--token-ids <file>', 'a .json file: an array of arrays of token ids')
    .option('--model <name>', 'a model package (default: starter, or FIGSEEK_MODEL)')
    .action(async (_options, command: Command) => {
      await embed(command.optsWithGlobals<Options>());
    });
}

async function embed(options: Options): Promise<void> {
  if (options.images === undefined && options.texts === undefined && options.tokenIds === undefined) {
    throw new FigseekError('BAD_USER_INPUT', 'Nothing to embed: give --images, --texts or --token-ids');
  }
  const config = loadConfig({ model: options.model });
  const model = await new ModelRegistry(config.models).load(config.model ?? 'starter');
  const encoder = await newEncoder(model, config);
  const reader = newReader(config);
  const print = (kind: string, input: string, vector: Float32Array | undefined) => {
    printJson({ kind, input, model: model.name, vector: Array.from(vector ?? []) });
  };
  try {
    for (const files of inBatches(options.images ?? [])) {
      const read = await Promise.all(files.map((file) => readNamed(file, reader, model.imageSize)));
      const vectors = await encoder.embedImages(
        read.map(({ pixels }) => pixels),
        'bulk',
      );
      files.forEach((file, row) => {
        print('image', file, vectors[row]);
      });
    }
    for (const texts of inBatches(options.texts === undefined ? [] : await textsOf(options.texts))) {
      const vectors = await encoder.embedTexts(texts, 'bulk');
      texts.forEach((text, row) => {
        print('text', text, vectors[row]);
      });
    }
    for (const tokens of inBatches(options.tokenIds === undefined ? [] : await tokensOf(options.tokenIds))) {
      const vectors = await encoder.embedTokens(
        tokens.map((ids) => Int32Array.from(ids)),
        'bulk',
      );
      tokens.forEach((ids, row) => {
        print('token-ids', JSON.stringify(ids), vectors[row]);
      });
    }
  } finally {
    reader.close();
    await encoder.close();
  }
}

/** @throws {FigseekError} naming the file */
async function readNamed(file: string, reader: ImageReader, size: number): Promise<ReadImage> {
  const bytes = await bytesOf(file);
  return reader.read(bytes, size, 'bulk').catch((error: unknown) => {
    if (!(error instanceof FigseekError)) throw error;
    throw new FigseekError(error.code, `${file}: ${error.message}`, { cause: error });
  });
}

function* inBatches<Item>(items: readonly Item[]): Generator<readonly Item[]> {
  for (let start = 0; start < items.length; start += batch) yield items.slice(start, start + batch);
}

async function textsOf(file: string): Promise<readonly string[]> {
  const content = await textOf(file);
  if (!file.endsWith('.json')) return content.replace(/\r?\n$/, '').split(/\r?\n/);
  return parsed(file, content, z.array(z.string()));
}

async function tokensOf(file: string): Promise<readonly (readonly number[])[]> {
  return parsed(file, await textOf(file), z.array(z.array(z.number().int().nonnegative()).min(1)));
}

function parsed<Type>(file: string, content: string, schema: z.ZodType<Type>): Type {
  try {
    return schema.parse(JSON.parse(content));
  } catch (error) {
    throw new FigseekError('BAD_USER_INPUT', `${file} does not fit: ${messageOf(error)}`);
  }
}

/** @throws {FigseekError} BAD_USER_INPUT naming the file and its encoding */
async function textOf(file: string): Promise<string> {
  const bytes = await bytesOf(file);
  try {
    return decodeText(bytes);
  } catch (error) {
    throw new FigseekError('BAD_USER_INPUT', `${file}: ${messageOf(error)}`);
  }
}

async function bytesOf(file: string): Promise<Buffer> {
  return readFile(file).catch((error: unknown) => {
    throw new FigseekError('BAD_USER_INPUT', `${file} cannot be read: ${messageOf(error)}`);
  });
}
