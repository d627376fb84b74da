import type { Checkpoint } from '../checkpoint/tensor.js';
import type { GraphWriter, ValueName } from '../onnx/graph-writer.js';
import { headSize, readFinite } from './state-dict.js';

/** Layers that both towers share, written in plain ONNX operators over the tensors of a state dict. */
export class Layers {
  constructor(
    readonly graph: GraphWriter,
    private readonly checkpoint: Checkpoint,
  ) {}

  /** A tensor as it is. */
  async tensor(name: string, shape?: readonly number[]): Promise<ValueName> {
    const values = await readFinite(this.checkpoint, name);
    return this.graph.weight(values, shape ?? this.shapeOf(name));
  }

  /** x·Wᵀ (+ b), over the last axis. */
  async linear(x: ValueName, name: string, bias = true): Promise<ValueName> {
    const [out, into] = this.shapeOf(`${name}.weight`);
    const values = transposed(await readFinite(this.checkpoint, `${name}.weight`), out ?? 0, into ?? 0);
    const product = this.graph.op('MatMul', [x, await this.graph.weight(values, [into ?? 0, out ?? 0])]);
    return bias ? this.graph.op('Add', [product, await this.tensor(`${name}.bias`)]) : product;
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
    const heads = width / headSize;
    const split = graph.integers([0, 0, heads, headSize]);
    const toHeads = (x: ValueName, perm: readonly number[]) =>
      graph.op('Transpose', [graph.op('Reshape', [x, split])], { perm });
    const scaled = graph.op('Mul', [toHeads(query, [0, 2, 1, 3]), graph.constant([1 / Math.sqrt(headSize)])]);
    const scores = graph.op('MatMul', [scaled, toHeads(key, [0, 2, 3, 1])]);
    const biased = bias === null ? scores : graph.op('Add', [scores, bias]);
    const mixed = graph.op('MatMul', [graph.op('Softmax', [biased], { axis: -1 }), toHeads(value, [0, 2, 1, 3])]);
    const joined = graph.op('Transpose', [mixed], { perm: [0, 2, 1, 3] });
    return graph.op('Reshape', [joined, graph.integers([0, 0, width])]);
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
}

function transposed(values: Float32Array, rows: number, columns: number): Float32Array {
  const out = new Float32Array(values.length);
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) out[c * rows + r] = values[r * columns + c] ?? 0;
  }
  return out;
}
