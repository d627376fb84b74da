import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { FigseekError } from '../../domain/errors.js';
import type { Segmenter } from '../../domain/segmenter.js';
import type { SegmenterManifest } from '../package-manifest.js';
import { BytePairs } from '../open-clip/byte-pairs.js';
import { padAndResize } from '../../imaging/preprocess/biomedparse-preprocess.js';
import { promptTokens } from './prompt-tokens.js';

/** Largest side of the working picture: memory and time grow with its square. */
const maxSize = 2048;
/** Smallest one: two by two cells on the coarsest level. */
const minSize = 64;

/** A verified package → what the rest of the product uses. */
export async function loadBiomedParse(folder: string, manifest: SegmenterManifest): Promise<Segmenter> {
  const read = (file: string) => readFile(path.join(folder, file), 'utf8');
  const vocabulary = await read(manifest.vocabulary.file);
  const tokenizer = new BytePairs(vocabulary, await read(manifest.merges.file), manifest.contextLength);
  const { sizeMultiple } = manifest;
  const validateSize = (size: number): void => {
    if (Number.isInteger(size) && size % sizeMultiple === 0 && size >= minSize && size <= maxSize) return;
    const expected = `a multiple of ${sizeMultiple} from ${minSize} to ${maxSize}`;
    throw new FigseekError('BAD_USER_INPUT', `The working size ${size} does not fit; expected ${expected}`);
  };
  return {
    name: manifest.name,
    version: manifest.version,
    imageSize: manifest.imageSize,
    sizeMultiple,
    contextLength: manifest.contextLength,
    license: manifest.license,
    warning: manifest.warning,
    imageGraph: path.join(folder, manifest.image.graph.file),
    textGraph: path.join(folder, manifest.text.graph.file),
    decoderGraph: path.join(folder, manifest.decoder.graph.file),
    prompts: manifest.prompts,
    statistics: manifest.statistics,
    validateSize,
    preprocess: (image, size = manifest.imageSize) => {
      validateSize(size);
      return padAndResize(image, size);
    },
    tokenize: (prompt) => promptTokens(tokenizer, prompt),
  };
}
