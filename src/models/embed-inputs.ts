import { readFile } from 'node:fs/promises';
import { FigseekError, messageOf } from '../domain/errors.js';
import type { Encoder } from '../ports/encoder.js';
import type { ImageReader, ReadImage } from '../ports/image-reader.js';
import type { Viewer } from '../domain/viewer.js';

/** What is to be embedded. */
export interface EmbeddableInputs {
  /** Paths of image files. */
  readonly images: readonly string[];
  readonly texts: readonly string[];
  /** Token ids with the special tokens. */
  readonly tokenIds: readonly (readonly number[])[];
}

export interface EmbeddedInput {
  readonly kind: 'image' | 'text' | 'token-ids';
  /** The path, the text, or the token ids as JSON. */
  readonly input: string;
  readonly vector: Float32Array;
}

const batchSize = 32;

/** Embeds images and texts that are no part of a corpus. */
export class EmbedInputs {
  constructor(
    private readonly encoder: Encoder,
    private readonly reader: Pick<ImageReader, 'read'>,
  ) {}

  /**
   * @returns a unit vector for each input, in their order: images, texts, token ids
   * @throws {FigseekError} BAD_USER_INPUT naming a file that cannot be read, and as the encoder and the image reader
   */
  async *run(_viewer: Viewer, { images, texts, tokenIds }: EmbeddableInputs): AsyncGenerator<EmbeddedInput> {
    for (const files of inBatches(images)) {
      const read = await Promise.all(files.map((file) => this.readNamed(file)));
      const pixels = read.map((image) => image.pixels);
      yield* embedded('image', files, await this.encoder.embedImages(pixels, 'bulk'));
    }
    for (const batch of inBatches(texts)) {
      yield* embedded('text', batch, await this.encoder.embedTexts(batch, 'bulk'));
    }
    for (const batch of inBatches(tokenIds)) {
      const tokens = batch.map((ids) => Int32Array.from(ids));
      const names = batch.map((ids) => JSON.stringify(ids));
      yield* embedded('token-ids', names, await this.encoder.embedTokens(tokens, 'bulk'));
    }
  }

  private async readNamed(file: string): Promise<ReadImage> {
    const bytes = await readFile(file).catch((error: unknown) => {
      throw new FigseekError('BAD_USER_INPUT', `${file} cannot be read: ${messageOf(error)}`);
    });
    return this.reader.read(bytes, this.encoder.model.preparation, 'bulk').catch((error: unknown) => {
      if (!(error instanceof FigseekError)) throw error;
      throw new FigseekError(error.code, `${file}: ${error.message}`, { cause: error });
    });
  }
}

function* embedded(
  kind: EmbeddedInput['kind'],
  inputs: readonly string[],
  vectors: readonly Float32Array[],
): Generator<EmbeddedInput> {
  for (const [row, input] of inputs.entries()) yield { kind, input, vector: vectors[row] ?? new Float32Array(0) };
}

function* inBatches<Item>(items: readonly Item[]): Generator<readonly Item[]> {
  for (let start = 0; start < items.length; start += batchSize) yield items.slice(start, start + batchSize);
}
