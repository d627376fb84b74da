import path from 'node:path';
import type { DualEncoder } from '../../domain/dual-encoder.js';
import { BytePairs } from './byte-pairs.js';
import { cleanText } from './clean-text.js';
import { resizeNames, type DualEncoderManifest } from '../package-manifest.js';
import type { ImagePreparation } from '../../domain/image-preparation.js';
import { prepareImage } from '../../imaging/preprocess/preprocess.js';
import { readBytePairs, readVocabulary } from './vocabulary.js';
import { WordPiece } from './word-piece.js';

/** A verified package → what the rest of the product uses. */
export async function loadDualEncoder(folder: string, manifest: DualEncoderManifest): Promise<DualEncoder> {
  const tokenize = await tokenizerOf(folder, manifest);
  const preparation = preparationOf(manifest);
  return {
    name: manifest.name,
    version: manifest.version,
    dimensions: manifest.dimensions,
    contextLength: manifest.contextLength,
    license: manifest.license,
    warning: manifest.warning,
    imageGraph: path.join(folder, manifest.image.graph.file),
    textGraph: path.join(folder, manifest.text.graph.file),
    support: manifest.support
      ? { graph: path.join(folder, manifest.support.graph.file), grid: manifest.support.grid }
      : null,
    preparation,
    preprocess: (image) => prepareImage(image, preparation),
    tokenize,
  };
}

/** @param manifest its `resize` names the way and the filter, as `shortest-bicubic-pillow` */
function preparationOf({ imageSize, resize, fill = 0 }: DualEncoderManifest): ImagePreparation {
  return { size: imageSize, ...resizeNames[resize], fill };
}

async function tokenizerOf(folder: string, manifest: DualEncoderManifest): Promise<DualEncoder['tokenize']> {
  if (manifest.merges === undefined) {
    const wordPiece = new WordPiece(await readVocabulary(folder), manifest.contextLength);
    return (caption) => wordPiece.encode(caption);
  }
  const { vocabulary, merges } = await readBytePairs(folder);
  const bytePairs = new BytePairs(vocabulary, merges, manifest.contextLength);
  return (caption) => bytePairs.encode(cleanText(caption));
}
