import type { DualEncoder } from '../domain/dual-encoder.js';
import { FigseekError } from '../domain/errors.js';
import { checkedUnitVector } from '../domain/vector.js';
import type { Priority } from './job-queue.js';
import { JobRunner, type InferenceOptions, type InferenceStatus } from './job-runner.js';
import type { Answer, Work } from './messages.js';

type Input =
  /** uint8 [size, size, 3] */
  { readonly kind: 'image'; readonly pixels: Uint8Array } | { readonly kind: 'text'; readonly ids: Int32Array };

/** Embeds images and texts by a dual encoder that runs in a child process. */
export class EncoderClient {
  private readonly runner: JobRunner<Input, Float32Array>;

  constructor(
    readonly model: DualEncoder,
    options: InferenceOptions,
  ) {
    const { name, dimensions, imageSize, imageGraph, textGraph } = model;
    this.runner = new JobRunner(
      {
        name,
        files: { kind: 'dual-encoder', imageGraph, textGraph, imageSize },
        fit: (one, other) => one.kind === other.kind,
        toWork: (inputs) => toWork(inputs, imageSize),
        toResult: (answer, row) => vectorOf(answer, row, dimensions),
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
    const expected = this.model.imageSize ** 2 * 3;
    for (const pixels of images) {
      if (pixels.length !== expected) {
        throw new FigseekError('BAD_USER_INPUT', `Expected ${expected} pixel values but received ${pixels.length}`);
      }
    }
    return this.runner.run(
      images.map((pixels) => ({ kind: 'image', pixels })),
      priority,
    );
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
    return this.runner.run(
      tokens.map((ids) => ({ kind: 'text', ids })),
      priority,
    );
  }

  /** Ends the child; what waits fails with MODEL_UNAVAILABLE. */
  close(): Promise<void> {
    return this.runner.close();
  }
}

function vectorOf(answer: Answer, row: number, dimensions: number): Float32Array {
  if (answer.kind !== 'vectors') throw new Error('it is no vector');
  const vector = answer.vectors.slice(row * dimensions, (row + 1) * dimensions);
  return checkedUnitVector(vector, dimensions, 'an embedding');
}

/** Inputs of one kind → the message for the child. Texts are padded to the longest of the batch, with mask 0. */
function toWork(inputs: readonly Input[], imageSize: number): Work {
  const images = inputs.filter((input) => input.kind === 'image');
  if (images.length === inputs.length) {
    const pixels = new Uint8Array(images.length * imageSize * imageSize * 3);
    images.forEach((input, row) => {
      pixels.set(input.pixels, row * imageSize * imageSize * 3);
    });
    return { kind: 'images', pixels, count: images.length, size: imageSize };
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
