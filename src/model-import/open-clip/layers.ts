import type { GraphWriter, ValueName } from '../onnx/graph-writer.js';
import { tensorKey } from '../checkpoint/checked-tensors.js';
import { matrixInFloat32, matrixProduct, type Columns, type StoredMatrix } from '../onnx/matrix-product.js';
import { elementTypes } from '../onnx/onnx-schema.js';
import { plans } from '../../model-packages/precision.js';
import type { Parameters } from './parameters.js';

/** A last matrix without a bias. */
export interface Projection {
  readonly key: string;
  /** A linear layer keeps [outputs, inputs], a row an output; CLIP's own projections are [inputs, outputs]. */
  readonly storedAs: 'rows' | 'columns';
}

/** Layers that both towers share, written in plain ONNX operators over the tensors of a state dict. */
export class Layers {
  constructor(
    readonly graph: GraphWriter,
    private readonly parameters: Parameters,
    private readonly headSize: number,
    private readonly computesInIntegers = plans[parameters.precision].matrices === 'int8',
  ) {}

  /** The same layers in a graph beside this one, which computes in float32: what both read is stored once. */
  inFloat32(graph: GraphWriter): Layers {
    return new Layers(graph, this.parameters, this.headSize, false);
  }

  /** A tensor as it is, in the type of the activations. */
  async tensor(name: string): Promise<ValueName> {
    return this.graph.storedAsActivations(await this.parameters.tensor(name));
  }

  /** A tensor as it is, in float32. */
  async tensorInFloat32(name: string): Promise<ValueName> {
    return this.graph.storedAsFloat32(await this.parameters.tensor(name));
  }

  /** Rows of a table: only those that are read are widened. @param ids any shape @returns float32 [...ids, width] */
  async rows(name: string, ids: ValueName): Promise<ValueName> {
    const table = await this.parameters.tensor(name, plans[this.parameters.precision].tables);
    const rows = this.graph.op('Gather', [this.graph.stored(table), ids], { axis: 0 });
    return table.storage === 'float32' ? rows : this.graph.cast(rows, 'float32');
  }

  /** x·Wᵀ + b, over the last axis of [batch, tokens, inputs], as the precision of the package computes it. */
  async linear(x: ValueName, name: string, columns?: Columns): Promise<ValueName> {
    const { graph } = this;
    const product = this.product(x, await this.parameters.matrix(name), columns);
    const bias = await this.tensor(tensorKey(name, 'bias'));
    if (columns === undefined) return graph.op('Add', [product, bias]);
    const [from, to] = columns.map((at) => graph.integers([at]));
    return graph.op('Add', [product, graph.op('Slice', [bias, from ?? '', to ?? '', graph.integers([0])])]);
  }

  /** x·Wᵀ in float32 whatever the precision: what comes last has nothing behind it that would hide its rounding. */
  async projection(x: ValueName, matrix: Projection): Promise<ValueName> {
    return this.graph.op('MatMul', [x, await this.projectionMatrix(matrix)]);
  }

  /** From directions in the output of `linear`, less its bias, to directions in its input; float32. */
  async backwards(x: ValueName, name: string): Promise<ValueName> {
    const matrix = matrixInFloat32(this.graph, await this.parameters.matrix(name));
    return this.graph.op('Gemm', [x, matrix], { transB: 1 });
  }

  /** The same for `projection`. */
  async projectionBackwards(x: ValueName, matrix: Projection): Promise<ValueName> {
    return this.graph.op('Gemm', [x, await this.projectionMatrix(matrix)], { transB: 1 });
  }

  private product(x: ValueName, matrix: StoredMatrix, columns?: Columns): ValueName {
    return matrixProduct(this.graph, x, matrix, { columns, inIntegers: this.computesInIntegers });
  }

  private async projectionMatrix({ key, storedAs }: Projection): Promise<ValueName> {
    const { parameters } = this;
    return this.graph.storedAsFloat32(
      await (storedAs === 'rows' ? parameters.transposed(key) : parameters.tensor(key)),
    );
  }

  /** Over the last axis; mean and variance are computed in float32 in every precision (ONNX's `stash_type`). */
  async norm(x: ValueName, name: string, epsilon: number): Promise<ValueName> {
    return this.normBy(x, await this.tensor(`${name}.weight`), await this.tensor(`${name}.bias`), epsilon);
  }

  /** The same for a float32 input. */
  async normInFloat32(x: ValueName, name: string, epsilon: number): Promise<ValueName> {
    const [scale, bias] = [`${name}.weight`, `${name}.bias`];
    return this.normBy(x, await this.tensorInFloat32(scale), await this.tensorInFloat32(bias), epsilon);
  }

  private normBy(x: ValueName, scale: ValueName, bias: ValueName, epsilon: number): ValueName {
    const attributes = { axis: -1, epsilon: { float: epsilon }, stash_type: elementTypes.float32 };
    return this.graph.op('LayerNormalization', [x, scale, bias], attributes);
  }

  /** x · sigmoid(1.702 x), the activation of the first CLIP models. */
  quickGelu(x: ValueName): ValueName {
    const { graph } = this;
    return graph.op('Mul', [x, graph.op('Sigmoid', [graph.op('Mul', [x, graph.number(1.702)])])]);
  }

  /** x/2 · (1 + erf(x/√2)): the exact form; the tanh form would be off by 5e-4 in the embedding. */
  gelu(x: ValueName): ValueName {
    return this.geluBy(x, (value) => this.graph.number(value));
  }

  /** The same for a float32 input. */
  geluInFloat32(x: ValueName): ValueName {
    return this.geluBy(x, (value) => this.graph.constant([value]));
  }

  private geluBy(x: ValueName, number: (value: number) => ValueName): ValueName {
    const { graph } = this;
    const erf = graph.op('Erf', [graph.op('Div', [x, number(Math.SQRT2)])]);
    const gate = graph.op('Add', [erf, number(1)]);
    return graph.op('Mul', [graph.op('Mul', [x, gate]), number(0.5)]);
  }

  /**
   * Scaled dot-product attention over heads of one size.
   * @param query query, key, value: [batch, tokens, width]
   * @param bias float32, added to the scores, broadcast to [batch, heads, tokens, tokens]; null for none
   */
  attend(query: ValueName, key: ValueName, value: ValueName, width: number, bias: ValueName | null): ValueName {
    const { graph } = this;
    const attention = this.attention(query, key, width, bias);
    const mixed = graph.op('MatMul', [attention, this.toHeads(value, width, [0, 2, 1, 3])]);
    const joined = graph.op('Transpose', [mixed], { perm: [0, 2, 1, 3] });
    return graph.op('Reshape', [joined, graph.integers([0, 0, width])]);
  }

  /** How much each query looks at each key: [batch, heads, queries, keys]; the softmax is computed in float32. */
  attention(query: ValueName, key: ValueName, width: number, bias: ValueName | null): ValueName {
    const { graph } = this;
    const scale = graph.number(1 / Math.sqrt(this.headSize));
    const scaled = graph.op('Mul', [this.toHeads(query, width, [0, 2, 1, 3]), scale]);
    const scores = graph.toFloat32(graph.op('MatMul', [scaled, this.toHeads(key, width, [0, 2, 3, 1])]));
    const biased = bias === null ? scores : graph.op('Add', [scores, bias]);
    return graph.toActivationType(graph.op('Softmax', [biased], { axis: -1 }));
  }

  /** [batch, tokens, width] → [batch, tokens, heads, head], in the order `perm`. */
  toHeads(x: ValueName, width: number, perm: readonly number[]): ValueName {
    const { graph } = this;
    const split = graph.integers([0, 0, width / this.headSize, this.headSize]);
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

  /** Unit length over the last axis, float32, as torch's F.normalize (eps 1e-12). */
  unitLength(x: ValueName): ValueName {
    const { graph } = this;
    const length = graph.op('ReduceL2', [x], { axes: [-1], keepdims: 1 });
    return graph.op('Div', [x, graph.op('Max', [length, graph.constant([1e-12])])]);
  }
}
