import path from 'node:path';
import type { DualEncoder } from '../../domain/dual-encoder.js';
import type { DualEncoderManifest } from '../package-manifest.js';
import { resizeAndCrop } from './preprocess.js';
import { readVocabulary } from './vocabulary.js';
import { WordPiece } from './word-piece.js';

/** A verified package → what the rest of the product uses. */
export async function loadDualEncoder(folder: string, manifest: DualEncoderManifest): Promise<DualEncoder> {
  const tokenizer = new WordPiece(await readVocabulary(folder), manifest.contextLength);
  return {
    name: manifest.name,
    version: manifest.version,
    dimensions: manifest.dimensions,
    contextLength: manifest.contextLength,
    imageSize: manifest.imageSize,
    license: manifest.license,
    warning: manifest.warning,
    imageGraph: path.join(folder, manifest.image.graph.file),
    textGraph: path.join(folder, manifest.text.graph.file),
    support: manifest.support
      ? { graph: path.join(folder, manifest.support.graph.file), grid: manifest.support.grid }
      : null,
    preprocess: (image) => resizeAndCrop(image, manifest.imageSize),
    tokenize: (caption) => tokenizer.encode(caption),
  };
}
