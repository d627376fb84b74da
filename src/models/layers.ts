import { readFinite } from './checkpoint/checked-tensors.js';
import { elementCount, type Checkpoint } from './checkpoint/tensor.js';
import type { GraphWriter, ValueName } from './onnx/graph-writer.js';
import type { StoredWeight } from './onnx/weight-file.js';

/** Query, key and value, split into heads. */
export interface HeadInputs {
  /** [batch, heads, queries, width / heads] */
  readonly query: ValueName;
  /** [batch, heads, width / heads, keys] */
  readonly key: ValueName;
  /** [batch, heads, keys, width / heads] */
  readonly value: ValueName;
}

/** Layers that several architectures share, written in plain ONNX operators over the tensors of a state dict. */
export class Layers {
  constructor(
    readonly graph: GraphWriter,
    private readonly checkpoint: Checkpoint,
    private readonly known = new Map<string, StoredWeight>(),
  ) {}

  /** The same layers in a graph beside this one: what both read is stored once. */
  inside(graph: GraphWriter): Layers {
    return new Layers(graph, this.checkpoint, this.known);
  }

  /** A tensor as it is. */
  tensor(name: string, shape?: readonly number[]): Promise<ValueName> {
    return this.weight(name, () => this.values(name), shape ?? this.shapeOf(name));
  }

  /** A matrix [rows, columns] as [columns, rows], for use on the right of a product. */
  transposedTensor(name: string): Promise<ValueName> {
    const [rows = 0, columns = 0] = this.shapeOf(name);
    const read = async () => transposed(await this.values(name), rows, columns);
    return this.weight(`${name} transposed`, read, [columns, rows]);
  }

  /** Some rows of a tensor, along its first axis. */
  async rows(name: string, from: number, to: number): Promise<ValueName> {
    const rest = this.shapeOf(name).slice(1);
    const stride = elementCount(rest);
    return this.graph.weight((await this.values(name)).slice(from * stride, to * stride), [to - from, ...rest]);
  }

  /** All values of a tensor. @throws {Error} for NaN or infinity, naming the key */
  values(name: string): Promise<Float32Array> {
    return readFinite(this.checkpoint, name);
  }

  /** x·Wᵀ (+ b), over the last axis. */
  async linear(x: ValueName, name: string, bias = true): Promise<ValueName> {
    const product = this.graph.op('MatMul', [x, await this.transposedTensor(`${name}.weight`)]);
    return bias ? this.graph.op('Add', [product, await this.tensor(`${name}.bias`)]) : product;
  }

  /** Outputs [from, to) of `linear`, over the same weights: the runtime cuts them once, when it loads them. */
  async linearPart(x: ValueName, name: string, from: number, to: number): Promise<ValueName> {
    const { graph } = this;
    const cut = (weight: ValueName, axis: number) =>
      graph.op('Slice', [weight, graph.integers([from]), graph.integers([to]), graph.integers([axis])]);
    const product = graph.op('MatMul', [x, cut(await this.transposedTensor(`${name}.weight`), 1)]);
    return graph.op('Add', [product, cut(await this.tensor(`${name}.bias`), 0)]);
  }

  /** x·W: `linear` without its bias, backwards: from directions in its output to directions in its input. */
  async backwards(x: ValueName, name: string): Promise<ValueName> {
    return this.graph.op('Gemm', [x, await this.transposedTensor(`${name}.weight`)], { transB: 1 });
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
    const product = graph.op('MatMul', [x, await graph.weight(transposed(values, to - from, into), [into, to - from])]);
    return bias === null ? product : graph.op('Add', [product, await this.rows(bias, from, to)]);
  }

  async norm(x: ValueName, name: string, epsilon: number): Promise<ValueName> {
    const [scale, bias] = [await this.tensor(`${name}.weight`), await this.tensor(`${name}.bias`)];
    return this.graph.op('LayerNormalization', [x, scale, bias], { axis: -1, epsilon: { float: epsilon } });
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
    const mixed = graph.op('MatMul', [this.attention({ query, key }, width / heads, bias), value]);
    const joined = graph.op('Transpose', [mixed], { perm: [0, 2, 1, 3] });
    return graph.op('Reshape', [joined, graph.integers([0, 0, width])]);
  }

  /** How much each query looks at each key: [batch, heads, queries, keys]. */
  attention({ query, key }: Pick<HeadInputs, 'query' | 'key'>, headSize: number, bias: ValueName | null): ValueName {
    const { graph } = this;
    const scaled = graph.op('Mul', [query, graph.constant([1 / Math.sqrt(headSize)])]);
    const scores = graph.op('MatMul', [scaled, key]);
    return graph.op('Softmax', [bias === null ? scores : graph.op('Add', [scores, bias])], { axis: -1 });
  }

  /** [batch, tokens, width] → [batch, heads, tokens, width / heads] */
  toHeads(x: ValueName, width: number, heads: number): ValueName {
    return this.split(x, width, heads, [0, 2, 1, 3]);
  }

  /** [batch, tokens, width] → [batch, heads, width / heads, tokens] */
  toKeyHeads(x: ValueName, width: number, heads: number): ValueName {
    return this.split(x, width, heads, [0, 2, 3, 1]);
  }

  /** The first token of each sequence: [batch, tokens, width] → [batch, 1, width]. */
  firstToken(x: ValueName): ValueName {
    const { graph } = this;
    return graph.op('Slice', [x, graph.integers([0]), graph.integers([1]), graph.integers([1])]);
  }

  /** [batch, 1, width] → [batch, width]. */
  onlyToken(x: ValueName): ValueName {
    return this.graph.op('Squeeze', [x, this.graph.integers([1])]);
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

  private async weight(key: string, read: () => Promise<Float32Array>, shape: readonly number[]): Promise<ValueName> {
    const stored = this.known.get(key) ?? (await this.graph.store(await read(), shape));
    this.known.set(key, stored);
    return this.graph.stored(stored);
  }

  private split(x: ValueName, width: number, heads: number, perm: readonly number[]): ValueName {
    const { graph } = this;
    return graph.op('Transpose', [graph.op('Reshape', [x, graph.integers([0, 0, heads, width / heads])])], { perm });
  }
}

function transposed(values: Float32Array, rows: number, columns: number): Float32Array {
  const out = new Float32Array(values.length);
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) out[c * rows + r] = values[r * columns + c] ?? 0;
  }
  return out;
}
