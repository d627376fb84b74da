import { createHash } from 'node:crypto';
import type { Checkpoint } from '../checkpoint/tensor.js';
import type { GraphWriter } from '../onnx/graph-writer.js';
import { storeMatrix, type StoredMatrix } from '../onnx/matrix-product.js';
import type { Precision } from '../../domain/precision.js';
import { plans, type FloatType } from '../../model-packages/precision.js';
import type { StoredWeight } from '../onnx/weight-file.js';
import { tensorKey, readFinite } from '../checkpoint/checked-tensors.js';
import { transpose } from '../transpose.js';

/** The tensors of a state dict on their way into one data file: each is read once and stored once. */
export class Parameters {
  private readonly weights = new Map<string, StoredWeight>();
  private readonly matrices = new Map<string, StoredMatrix>();
  private readonly hash = createHash('sha256');
  /** Where matrices are transposed, one after the other: each in memory of its own costs a garbage collection. */
  private scratch = new Float32Array(0);

  /** @param graph a graph of the data file */
  constructor(
    private readonly checkpoint: Checkpoint,
    readonly precision: Precision,
    private readonly graph: GraphWriter,
  ) {}

  /** A tensor as it is. */
  tensor(name: string, storage?: FloatType): Promise<StoredWeight> {
    return this.weight(name, () => this.read(name), this.shapeOf(name), storage);
  }

  /** Wᵀ of a linear layer, [inputs, outputs], as the precision keeps matrices. */
  async matrix(name: string): Promise<StoredMatrix> {
    const known = this.matrices.get(name);
    if (known !== undefined) return known;
    const key = tensorKey(name, 'weight');
    const [out = 0, into = 0] = this.shapeOf(key);
    const stored = await storeMatrix(this.graph, await this.readTransposed(key), [into, out], this.precision);
    this.matrices.set(name, stored);
    return stored;
  }

  /** A matrix [rows, columns] as [columns, rows], in floats. */
  transposed(key: string): Promise<StoredWeight> {
    const [rows = 0, columns = 0] = this.shapeOf(key);
    return this.weight(`${key} transposed`, () => this.readTransposed(key), [columns, rows]);
  }

  /** sha256 over the float32 values as they were read: the same for every precision of one checkpoint. */
  digest(): string {
    return this.hash.copy().digest('hex');
  }

  private shapeOf(name: string): readonly number[] {
    return this.checkpoint.tensors.get(name)?.shape ?? [];
  }

  private async weight(
    key: string,
    read: () => Promise<Float32Array>,
    shape: readonly number[],
    storage: FloatType = plans[this.precision].floats,
  ): Promise<StoredWeight> {
    const stored = this.weights.get(key) ?? (await this.graph.store(await read(), shape, storage));
    this.weights.set(key, stored);
    return stored;
  }

  private async read(name: string): Promise<Float32Array> {
    const values = await readFinite(this.checkpoint, name);
    this.hash.update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
    return values;
  }

  /** Valid until the next one is read. */
  private async readTransposed(key: string): Promise<Float32Array> {
    const [rows = 0, columns = 0] = this.shapeOf(key);
    const values = await this.read(key);
    if (this.scratch.length < values.length) this.scratch = new Float32Array(values.length);
    const target = this.scratch.subarray(0, values.length);
    transpose(values, rows, columns, target);
    return target;
  }
}
