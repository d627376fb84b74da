import { Encoder } from '../../ports/encoder.js';
import type { DualEncoder } from '../../domain/dual-encoder.js';
import { FigseekError } from '../../domain/errors.js';
import { validateUnitVector } from '../../domain/vector.js';
import { InferenceWorkerPool, type DevicesOptions } from './inference-worker-pool.js';
import type { Answer, Work } from './messages.js';
import type { InferenceStatus } from '../../domain/inference-status.js';
import type { Priority } from '../../domain/priority.js';

type Input =
  /** uint8 [size, size, 3] */
  | { readonly kind: 'image'; readonly pixels: Uint8Array }
  | { readonly kind: 'text'; readonly ids: Int32Array }
  /** What each patch of the image adds in a direction, float32 [dimensions]. */
  | { readonly kind: 'support'; readonly pixels: Uint8Array; readonly direction: Float32Array };

/** A search that comes while an illustration is made waits for the batch in flight: it is to be a short one. */
const maxSupportBatch = 4;

export interface EncoderOptions extends DevicesOptions {
  /** Most tokens of one run of texts, over all of them and with their padding; `batch` texts by default. */
  readonly tokens?: number | undefined;
}

/** Most texts of one run. */
const maxTexts = 256;

/** Embeds images and texts by a dual encoder that runs in a child process a GPU. */
export class OnnxEncoder extends Encoder {
  private readonly runner: InferenceWorkerPool<Input, Float32Array>;

  constructor(
    readonly model: DualEncoder,
    { tokens, ...options }: EncoderOptions,
  ) {
    super();
    const { name, version, imageGraph, textGraph } = model;
    const { size: imageSize } = model.preparation;
    const supportGraph = model.support?.graph ?? null;
    this.runner = new InferenceWorkerPool(
      {
        name,
        files: { kind: 'dual-encoder', version, imageGraph, textGraph, supportGraph, imageSize },
        most: (input) => {
          if (input.kind === 'text' && tokens !== undefined) {
            return Math.min(maxTexts, Math.max(1, Math.floor(tokens / input.ids.length)));
          }
          return input.kind === 'support' ? Math.min(maxSupportBatch, options.batch) : options.batch;
        },
        kindOf: ({ kind }) => kind,
        toWork: (inputs) => toWork(inputs, imageSize),
        toResult: (answer, row, count) => resultOf(answer, row, count, model),
      },
      options,
    );
  }

  /** Starts the child and loads the model. @throws {FigseekError} MODEL_UNAVAILABLE with the reason */
  start(): Promise<void> {
    return this.runner.start();
  }

  status(): InferenceStatus {
    return this.runner.status();
  }

  /** The child's process number, for tests that end it. */
  get pid(): number | undefined {
    return this.runner.pid;
  }

  /** @param images uint8 [size, size, 3] each, from the model's `preprocess` @returns one unit vector each */
  async embedImages(images: readonly Uint8Array[], priority: Priority): Promise<Float32Array[]> {
    this.checkPixels(images);
    return this.runner.run(
      images.map((pixels) => ({ kind: 'image', pixels })),
      priority,
    );
  }

  /**
   * How far an image lies in a direction, and what each patch of it adds.
   * @param images as for `embedImages`
   * @param direction float32 [dimensions]
   * @returns float32 [1 + grid²] each: the product with the whole embedding, then the patches' parts, row by row
   * @throws {FigseekError} MODEL_UNAVAILABLE where the package has no support graph
   */
  async support(images: readonly Uint8Array[], direction: Float32Array): Promise<Float32Array[]> {
    if (this.model.support === null) {
      throw new FigseekError(
        'MODEL_UNAVAILABLE',
        `The package ${this.model.name} has no support graph: import the model again`,
      );
    }
    this.checkPixels(images);
    return this.runner.run(
      images.map((pixels) => ({ kind: 'support', pixels, direction })),
      'illustration',
    );
  }

  private checkPixels(images: readonly Uint8Array[]): void {
    const expected = this.model.preparation.size ** 2 * 3;
    for (const pixels of images) {
      if (pixels.length !== expected) {
        throw new FigseekError('BAD_USER_INPUT', `Expected ${expected} pixel values but received ${pixels.length}`);
      }
    }
  }

  /** @returns one unit vector a text */
  async embedTexts(texts: readonly string[], priority: Priority): Promise<Float32Array[]> {
    return this.embedTokens(
      texts.map((text) => this.model.tokenize(text)),
      priority,
    );
  }

  /** @param tokens token ids with the special tokens @returns one unit vector each */
  async embedTokens(tokens: readonly Int32Array[], priority: Priority): Promise<Float32Array[]> {
    for (const { length } of tokens) {
      if (length < 1 || length > this.model.contextLength) {
        throw new FigseekError(
          'BAD_USER_INPUT',
          `Expected 1 to ${this.model.contextLength} token ids but received ${length}`,
        );
      }
    }
    // Texts of a run are padded to its longest: those of like length belong together, and the longest says how many.
    const byLength = tokens.map((ids, at) => ({ ids, at })).sort((a, b) => b.ids.length - a.ids.length);
    const vectors = await this.runner.run(
      byLength.map(({ ids }) => ({ kind: 'text', ids })),
      priority,
    );
    const inOrder: Float32Array[] = [];
    vectors.forEach((vector, place) => (inOrder[byLength[place]?.at ?? place] = vector));
    return inOrder;
  }

  /** Gives the memory back until the next request. */
  suspend(): void {
    this.runner.suspend();
  }

  /** Ends the child; what waits fails with MODEL_UNAVAILABLE. */
  close(): Promise<void> {
    return this.runner.close();
  }
}

/** @param count inputs of the run, all of one kind */
function resultOf(answer: Answer, row: number, count: number, { dimensions, support }: DualEncoder): Float32Array {
  if (answer.kind !== 'vectors') throw new Error('it is no vector');
  const length = answer.vectors.length / count;
  const values = answer.vectors.slice(row * length, (row + 1) * length);
  if (answer.of === 'embeddings') return validateUnitVector(values, dimensions, 'an embedding');
  const expected = 1 + (support?.grid ?? 0) ** 2;
  if (length === expected && values.every(Number.isFinite)) return values;
  throw new Error(`expected ${expected} finite values of support but received ${length}`);
}

/** Inputs of one kind → the message for the child. Texts are padded to the longest of the batch, with mask 0. */
function toWork(inputs: readonly Input[], imageSize: number): Work {
  const images = inputs.filter((input) => input.kind === 'image');
  if (images.length === inputs.length) {
    return { kind: 'images', pixels: joinedPixels(images), count: images.length, size: imageSize };
  }
  const supports = inputs.filter((input) => input.kind === 'support');
  if (supports.length === inputs.length) {
    const directions = Float32Array.from(supports.flatMap(({ direction }) => [...direction]));
    return { kind: 'support', pixels: joinedPixels(supports), directions, count: supports.length, size: imageSize };
  }
  const texts = inputs.filter((input) => input.kind === 'text');
  const length = Math.max(...texts.map((text) => text.ids.length));
  const ids = new Int32Array(texts.length * length);
  const mask = new Int32Array(texts.length * length);
  texts.forEach((text, row) => {
    ids.set(text.ids, row * length);
    mask.fill(1, row * length, row * length + text.ids.length);
  });
  return { kind: 'texts', ids, mask, count: texts.length, length };
}

/** All of one size. */
function joinedPixels(images: readonly { readonly pixels: Uint8Array }[]): Uint8Array {
  const length = images[0]?.pixels.length ?? 0;
  const joined = new Uint8Array(images.length * length);
  images.forEach(({ pixels }, row) => {
    joined.set(pixels, row * length);
  });
  return joined;
}
