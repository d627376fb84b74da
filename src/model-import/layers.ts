import { readFinite } from './checkpoint/checked-tensors.js';
import { elementCount, type Checkpoint } from './checkpoint/tensor.js';
import type { GraphWriter, ValueName } from './onnx/graph-writer.js';
import type { FloatType } from '../model-packages/precision.js';
import { transposed } from './transpose.js';

/** Query, key and value, split into heads. */
export interface HeadInputs {
  /** [batch, heads, queries, width / heads] */
  readonly query: ValueName;
  /** [batch, heads, width / heads, keys] */
  readonly key: ValueName;
  /** [batch, heads, keys, width / heads] */
  readonly value: ValueName;
}

/**
 * Layers of a segmenter, written in plain ONNX operators over the tensors of a state dict and computed in float32. The
 * dual encoder has its own, which compute in every precision.
 */
export class Layers {
  constructor(
    readonly graph: GraphWriter,
    private readonly checkpoint: Checkpoint,
    private readonly storage: FloatType,
  ) {}

  /** A tensor as it is. */
  async tensor(name: string, shape?: readonly number[]): Promise<ValueName> {
    return this.weight(await this.values(name), shape ?? this.shapeOf(name));
  }

  /** A matrix [rows, columns] as [columns, rows], for use on the right of a product. */
  async transposedTensor(name: string): Promise<ValueName> {
    const [rows = 0, columns = 0] = this.shapeOf(name);
    return this.weight(transposed(await this.values(name), rows, columns), [columns, rows]);
  }

  /** Some rows of a tensor, along its first axis. @param shape of what lies in a row; as it is where absent */
  async rows(name: string, from: number, to: number, shape?: readonly number[]): Promise<ValueName> {
    const rest = this.shapeOf(name).slice(1);
    const stride = elementCount(rest);
    return this.weight((await this.values(name)).slice(from * stride, to * stride), [to - from, ...(shape ?? rest)]);
  }

  /** All values of a tensor. @throws {Error} for NaN or infinity, naming the key */
  values(name: string): Promise<Float32Array> {
    return readFinite(this.checkpoint, name);
  }

  /** x·Wᵀ (+ b), over the last axis. */
  async linear(x: ValueName, name: string, bias = true): Promise<ValueName> {
    const [out = 0] = this.shapeOf(`${name}.weight`);
    return this.linearRows(x, [`${name}.weight`, bias ? `${name}.bias` : null], 0, out);
  }

  /** x·Wᵀ (+ b) of some rows of W and b: several layers may be stacked in one tensor. */
  async linearRows(
    x: ValueName,
    [weight, bias]: readonly [string, string | null],
    from: number,
    to: number,
  ): Promise<ValueName> {
    const { graph } = this;
    const [, into = 0] = this.shapeOf(weight);
    const values = (await this.values(weight)).subarray(from * into, to * into);
    const product = graph.op('MatMul', [x, await this.weight(transposed(values, to - from, into), [into, to - from])]);
    return bias === null ? product : graph.op('Add', [product, await this.rows(bias, from, to)]);
  }

  async norm(x: ValueName, name: string, epsilon: number): Promise<ValueName> {
    const [scale, bias] = [await this.tensor(`${name}.weight`), await this.tensor(`${name}.bias`)];
    return this.graph.op('LayerNormalization', [x, scale, bias], { axis: -1, epsilon: { float: epsilon } });
  }

  /** γ · norm(x), the factor γ of each channel within the norm's own: a walk through memory less. */
  async scaledNorm(x: ValueName, name: string, factor: string, epsilon: number): Promise<ValueName> {
    const factors = await this.values(factor);
    const times = async (key: string) =>
      this.weight(
        (await this.values(key)).map((value, i) => value * (factors[i] ?? 0)),
        this.shapeOf(key),
      );
    const inputs = [x, await times(`${name}.weight`), await times(`${name}.bias`)];
    return this.graph.op('LayerNormalization', inputs, { axis: -1, epsilon: { float: epsilon } });
  }

  /** x/2 · (1 + erf(x/√2)): the exact form; the tanh form would be off by 5e-4 in the embedding. */
  gelu(x: ValueName): ValueName {
    const { graph } = this;
    const erf = graph.op('Erf', [graph.op('Div', [x, graph.constant([Math.SQRT2])])]);
    const gate = graph.op('Add', [erf, graph.constant([1])]);
    return graph.op('Mul', [graph.op('Mul', [x, gate]), graph.constant([0.5])]);
  }

  /**
   * Scaled dot-product attention.
   * @param query query, key, value: [batch, tokens, width]
   * @param bias added to the scores, broadcast to [batch, heads, tokens, tokens]; null for none
   * @returns [batch, tokens, width]
   */
  attend(
    query: ValueName,
    key: ValueName,
    value: ValueName,
    { width, heads }: { readonly width: number; readonly heads: number },
    bias: ValueName | null,
  ): ValueName {
    const inputs = {
      query: this.toHeads(query, width, heads),
      key: this.toKeyHeads(key, width, heads),
      value: this.toHeads(value, width, heads),
    };
    return this.attendHeads(inputs, { width, heads }, bias);
  }

  /** Attention over what `toHeads` and `toKeyHeads` made. @returns [batch, queries, width] */
  attendHeads(
    { query, key, value }: HeadInputs,
    { width, heads }: { readonly width: number; readonly heads: number },
    bias: ValueName | null,
  ): ValueName {
    const { graph } = this;
    const scaled = graph.op('Mul', [query, graph.constant([1 / Math.sqrt(width / heads)])]);
    const scores = graph.op('MatMul', [scaled, key]);
    const biased = bias === null ? scores : graph.op('Add', [scores, bias]);
    const mixed = graph.op('MatMul', [graph.op('Softmax', [biased], { axis: -1 }), value]);
    const joined = graph.op('Transpose', [mixed], { perm: [0, 2, 1, 3] });
    return graph.op('Reshape', [joined, graph.integers([0, 0, width])]);
  }

  /** [batch, tokens, width] → [batch, heads, tokens, width / heads] */
  toHeads(x: ValueName, width: number, heads: number): ValueName {
    return this.split(x, width, heads, [0, 2, 1, 3]);
  }

  /** [batch, tokens, width] → [batch, heads, width / heads, tokens] */
  toKeyHeads(x: ValueName, width: number, heads: number): ValueName {
    return this.split(x, width, heads, [0, 2, 3, 1]);
  }

  /** The first token of each sequence: [batch, tokens, width] → [batch, width]. */
  firstToken(x: ValueName): ValueName {
    return this.graph.op('Gather', [x, this.graph.integers([0], [])], { axis: 1 });
  }

  /** Unit length over the last axis, as torch's F.normalize (eps 1e-12). */
  unitLength(x: ValueName): ValueName {
    const { graph } = this;
    const length = graph.op('ReduceL2', [x], { axes: [-1], keepdims: 1 });
    return graph.op('Div', [x, graph.op('Max', [length, graph.constant([1e-12])])]);
  }

  shapeOf(name: string): readonly number[] {
    return this.checkpoint.tensors.get(name)?.shape ?? [];
  }

  /** Values that were made of tensors, as a weight. */
  async weight(values: Float32Array, shape: readonly number[]): Promise<ValueName> {
    return this.graph.storedAsFloat32(await this.graph.store(values, shape, this.storage));
  }

  private split(x: ValueName, width: number, heads: number, perm: readonly number[]): ValueName {
    const { graph } = this;
    return graph.op('Transpose', [graph.op('Reshape', [x, graph.integers([0, 0, heads, width / heads])])], { perm });
  }
}
