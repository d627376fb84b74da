import { createHash } from 'node:crypto';
import type { DualEncoder } from '../../src/domain/dual-encoder.js';
import { FigseekError } from '../../src/domain/errors.js';
import type { InferenceStatus } from '../../src/domain/inference-status.js';
import { Encoder } from '../../src/ports/encoder.js';

const grid = 2;

const fakeModel: DualEncoder = {
  name: 'fake',
  version: 'f'.repeat(64),
  dimensions: 16,
  contextLength: 32,
  preparation: { size: 4, resizeMode: 'shortest', interpolation: 'bicubic', fill: 0 },
  license: 'none',
  warning: null,
  imageGraph: '',
  textGraph: '',
  support: { graph: '', grid },
  preprocess: ({ data }) => Uint8Array.from({ length: 4 * 4 * 3 }, (_, i) => data[i % data.length] ?? 0),
  tokenize: (text) => Int32Array.from([...text].slice(0, 32), (letter) => letter.codePointAt(0) ?? 0),
};

/** A dual encoder whose vectors come from a hash of its input: equal inputs have equal vectors, others do not. */
export class FakeEncoder extends Encoder {
  readonly model: DualEncoder;

  /** @param of what is to be otherwise than in the usual fake model */
  constructor(of: Partial<DualEncoder> = {}) {
    super();
    this.model = { ...fakeModel, ...of };
  }

  private isClosed = false;

  start(): Promise<void> {
    return this.answer(undefined);
  }

  status(): InferenceStatus {
    const times = { inputs: 0, workMs: 0, copyMs: 0 };
    return { ready: !this.isClosed, provider: 'cpu', failures: [], restarts: 0, queued: 0, times };
  }

  embedImages(images: readonly Uint8Array[]): Promise<Float32Array[]> {
    const expected = this.model.preparation.size ** 2 * 3;
    const wrong = images.find(({ length }) => length !== expected);
    if (wrong !== undefined) return refuse(`Expected ${expected} pixel values but received ${wrong.length}`);
    return this.answer(images.map((pixels) => this.unitVector(pixels)));
  }

  embedTexts(texts: readonly string[]): Promise<Float32Array[]> {
    return this.embedTokens(texts.map((text) => this.model.tokenize(text)));
  }

  embedTokens(tokens: readonly Int32Array[]): Promise<Float32Array[]> {
    const wrong = tokens.find(({ length }) => length < 1 || length > this.model.contextLength);
    if (wrong !== undefined) return refuse(`Expected 1 to 32 token ids but received ${wrong.length}`);
    return this.answer(tokens.map((ids) => this.unitVector(Buffer.from(ids.join()))));
  }

  async support(images: readonly Uint8Array[], direction: Float32Array): Promise<Float32Array[]> {
    const vectors = await this.embedImages(images);
    return vectors.map((vector) => {
      const whole = vector.reduce((sum, value, at) => sum + value * (direction[at] ?? 0), 0);
      return Float32Array.from({ length: 1 + grid ** 2 }, (_, i) => (i === 0 ? whole : whole / grid ** 2));
    });
  }

  suspend(): void {
    // It holds no memory to give back.
  }

  close(): Promise<void> {
    this.isClosed = true;
    return Promise.resolve();
  }

  private answer<Result>(result: Result): Promise<Result> {
    if (!this.isClosed) return Promise.resolve(result);
    return Promise.reject(new FigseekError('MODEL_UNAVAILABLE', 'The server is shutting down'));
  }

  private unitVector(bytes: Uint8Array): Float32Array {
    const hash = createHash('sha256').update(bytes).digest();
    const values = Array.from({ length: this.model.dimensions }, (_, i) => (hash[i] ?? 0) / 255 - 0.5);
    const length = Math.hypot(...values);
    return Float32Array.from(values, (value) => value / length);
  }
}

function refuse(message: string): Promise<never> {
  return Promise.reject(new FigseekError('BAD_USER_INPUT', message));
}
