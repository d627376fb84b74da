import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { DualEncoder } from '../domain/dual-encoder.js';
import { FigseekError, messageOf } from '../domain/errors.js';
import { resizeAndCrop } from './biomedclip/preprocess.js';
import { readVocabulary } from './biomedclip/vocabulary.js';
import { WordPiece } from './biomedclip/word-piece.js';
import { manifestSchema, packageName, type PackageFile, type PackageManifest } from './package-manifest.js';

/** The model packages of one folder: one folder a package, `model.json` in each. */
export class ModelRegistry {
  constructor(private readonly modelsDir: string) {}

  /** Packages whose `model.json` can be read, by name. */
  async list(): Promise<readonly PackageManifest[]> {
    const names = await readdir(this.modelsDir).catch(() => []);
    const found = await Promise.all(
      names
        .filter((name) => !name.startsWith('.'))
        .sort()
        .map((name) => this.manifest(name).catch(() => null)),
    );
    return found.filter((manifest) => manifest !== null);
  }

  /** @throws {FigseekError} MODEL_UNAVAILABLE saying what is wrong and how to mend it */
  async manifest(name: string): Promise<PackageManifest> {
    try {
      const file = path.join(this.modelsDir, packageName.parse(name), 'model.json');
      return manifestSchema.parse(JSON.parse(await readFile(file, 'utf8')));
    } catch (error) {
      throw new FigseekError(
        'MODEL_UNAVAILABLE',
        `There is no usable model package ${name.slice(0, 80)} in ${this.modelsDir} (${messageOf(error)}); “figseek models” lists what is there`,
      );
    }
  }

  /** Checks every file of a package against its manifest. @throws {FigseekError} MODEL_UNAVAILABLE naming the file */
  async verify(name: string): Promise<PackageManifest> {
    const manifest = await this.manifest(name);
    const { image, text, support, vocabulary } = manifest;
    const graphs = [image.graph, text.graph, ...(support === undefined ? [] : [support.graph])];
    for (const file of [...graphs, image.weights, text.weights, vocabulary]) {
      await verifyFile(path.join(this.modelsDir, name), file);
    }
    return manifest;
  }

  /** Verifies a package and makes it ready to use. */
  async load(name: string): Promise<DualEncoder> {
    const manifest = await this.verify(name);
    const folder = path.join(this.modelsDir, name);
    const tokenizer = new WordPiece(await readVocabulary(folder), manifest.contextLength);
    return {
      name,
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
}

async function verifyFile(folder: string, expected: PackageFile): Promise<void> {
  const hash = createHash('sha256');
  const file = path.join(folder, expected.file);
  await pipeline(createReadStream(file), hash).catch((error: unknown) => {
    throw new FigseekError('MODEL_UNAVAILABLE', `The model file ${file} cannot be read: ${messageOf(error)}`);
  });
  if (hash.digest('hex') !== expected.sha256) {
    throw new FigseekError(
      'MODEL_UNAVAILABLE',
      `The model file ${file} differs from model.json; import the model again`,
    );
  }
}
