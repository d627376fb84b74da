import type { Checkpoint } from '../checkpoint/tensor.js';
import type { GraphWriter, ValueName } from '../onnx/graph-writer.js';
import type { StoredWeight } from '../onnx/weight-file.js';
import { headSize, readFinite } from './state-dict.js';

/** Columns of a weight matrix: [from, to) of its outputs. */
type Columns = readonly [from: number, to: number];

/** Layers that both towers share, written in plain ONNX operators over the tensors of a state dict. */
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
  tensor(name: string): Promise<ValueName> {
    return this.weight(name, () => readFinite(this.checkpoint, name), this.shapeOf(name));
  }

  /** x·Wᵀ (+ b), over the last axis. */
  async linear(x: ValueName, name: string, bias = true): Promise<ValueName> {
    const product = this.graph.op('MatMul', [x, await this.matrix(name)]);
    return bias ? this.graph.op('Add', [product, await this.tensor(`${name}.bias`)]) : product;
  }

  /** Some outputs of `linear`. The runtime cuts the weights once, when it loads them. */
  async linearPart(x: ValueName, name: string, [from, to]: Columns): Promise<ValueName> {
    const { graph } = this;
    const cut = (weight: ValueName, axis: number) =>
      graph.op('Slice', [weight, graph.integers([from]), graph.integers([to]), graph.integers([axis])]);
    const product = graph.op('MatMul', [x, cut(await this.matrix(name), 1)]);
    return graph.op('Add', [product, cut(await this.tensor(`${name}.bias`), 0)]);
  }

  /** x·W: `linear` without its bias, backwards: from directions in its output to directions in its input. */
  async backwards(x: ValueName, name: string): Promise<ValueName> {
    return this.graph.op('Gemm', [x, await this.matrix(name)], { transB: 1 });
  }

  /** Wᵀ: [inputs, outputs]. */
  private matrix(name: string): Promise<ValueName> {
    const [out = 0, into = 0] = this.shapeOf(`${name}.weight`);
    const read = async () => transposed(await readFinite(this.checkpoint, `${name}.weight`), out, into);
    return this.weight(`${name}.weight transposed`, read, [into, out]);
  }

  private async weight(key: string, read: () => Promise<Float32Array>, shape: readonly number[]): Promise<ValueName> {
    const stored = this.known.get(key) ?? (await this.graph.store(await read(), shape));
    this.known.set(key, stored);
    return this.graph.stored(stored);
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
   * Scaled dot-product attention over heads of 64.
   * @param query query, key, value: [batch, tokens, width]
   * @param bias added to the scores, broadcast to [batch, heads, tokens, tokens]; null for none
   */
  attend(query: ValueName, key: ValueName, value: ValueName, width: number, bias: ValueName | null): ValueName {
    const { graph } = this;
    const attention = this.attention(query, key, width, bias);
    const mixed = graph.op('MatMul', [attention, this.toHeads(value, width, [0, 2, 1, 3])]);
    const joined = graph.op('Transpose', [mixed], { perm: [0, 2, 1, 3] });
    return graph.op('Reshape', [joined, graph.integers([0, 0, width])]);
  }

  /** How much each query looks at each key: [batch, heads, queries, keys]. */
  attention(query: ValueName, key: ValueName, width: number, bias: ValueName | null): ValueName {
    const { graph } = this;
    const scale = graph.constant([1 / Math.sqrt(headSize)]);
    const scaled = graph.op('Mul', [this.toHeads(query, width, [0, 2, 1, 3]), scale]);
    const scores = graph.op('MatMul', [scaled, this.toHeads(key, width, [0, 2, 3, 1])]);
    return graph.op('Softmax', [bias === null ? scores : graph.op('Add', [scores, bias])], { axis: -1 });
  }

  /** [batch, tokens, width] → [batch, tokens, heads, 64], in the order `perm`. */
  toHeads(x: ValueName, width: number, perm: readonly number[]): ValueName {
    const { graph } = this;
    const split = graph.integers([0, 0, width / headSize, headSize]);
    return graph.op('Transpose', [graph.op('Reshape', [x, split])], { perm });
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
}

const blockSide = 32;

/** In blocks that the cache holds: a column at a time, each value would be a line of memory of its own. */
function transposed(values: Float32Array, rows: number, columns: number): Float32Array {
  const out = new Float32Array(values.length);
  for (let top = 0; top < rows; top += blockSide) {
    const bottom = Math.min(top + blockSide, rows);
    for (let left = 0; left < columns; left += blockSide) {
      const right = Math.min(left + blockSide, columns);
      for (let c = left; c < right; c++) {
        for (let r = top; r < bottom; r++) out[c * rows + r] = values[r * columns + c] ?? 0;
      }
    }
  }
  return out;
}
