import type { DualEncoder } from '../domain/dual-encoder.js';
import { SeededRandom } from '../domain/seeded-random.js';
import type { InferenceStatus } from '../domain/inference-status.js';
import { Encoder } from '../ports/encoder.js';

/**
 * Gives unit vectors that mean nothing, at once: what an ingest costs beside its model. For `figseek bench ingest` alone.
 */
export class NullEncoder extends Encoder {
  private made = 0;

  /** @param model whose inputs are made and whose dimensions the vectors have */
  constructor(readonly model: DualEncoder) {
    super();
  }

  start(): Promise<void> {
    return Promise.resolve();
  }

  status(): InferenceStatus {
    const times = { inputs: this.made, workMs: 0, copyMs: 0 };
    return { ready: true, provider: 'cpu', failures: [], restarts: 0, queued: 0, times };
  }

  embedImages(images: readonly Uint8Array[]): Promise<Float32Array[]> {
    return Promise.resolve(images.map(() => this.unitVector()));
  }

  embedTexts(texts: readonly string[]): Promise<Float32Array[]> {
    return Promise.resolve(texts.map(() => this.unitVector()));
  }

  embedTokens(tokens: readonly Int32Array[]): Promise<Float32Array[]> {
    return Promise.resolve(tokens.map(() => this.unitVector()));
  }

  /** An ingest asks for none. */
  support(): Promise<Float32Array[]> {
    return Promise.reject(new Error('The null encoder explains nothing'));
  }

  suspend(): void {
    // There is nothing to give back.
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  private unitVector(): Float32Array {
    const random = new SeededRandom(`vector ${this.made++}`);
    const vector = Float32Array.from({ length: this.model.dimensions }, () => 2 * random.unit() - 1);
    const length = Math.hypot(...vector);
    return vector.map((value) => value / length);
  }
}
