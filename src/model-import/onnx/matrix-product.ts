import type { GraphWriter, ValueName } from './graph-writer.js';
import type { Precision } from '../../domain/precision.js';
import { plans } from '../../model-packages/precision.js';
import { quantizeColumns } from './quantize.js';
import type { StoredWeight } from './weight-file.js';

/** A matrix [inputs, outputs] in a data file. */
export interface StoredMatrix {
  readonly values: StoredWeight;
  /** float32 [outputs]: what an integer of each column stands for; null where the values are floats. */
  readonly scales: StoredWeight | null;
}

/** Columns of a matrix: [from, to) of its outputs. */
export type Columns = readonly [from: number, to: number];

/** Half of the range of an unsigned byte: activations lie on both sides of it. */
const middle = 128;
const maxActivation = 127;

/** Puts a matrix into the data file as the precision wants it. */
export async function storeMatrix(
  graph: GraphWriter,
  values: Float32Array,
  shape: readonly [number, number],
  precision: Precision,
): Promise<StoredMatrix> {
  const { matrices } = plans[precision];
  if (matrices !== 'int8') return { values: await graph.store(values, shape, matrices), scales: null };
  const { integers, scales } = quantizeColumns(values, shape);
  return {
    values: await graph.store(integers, shape, 'int8'),
    scales: await graph.store(scales, [shape[1]], 'float32'),
  };
}

/** The matrix in float32; the runtime widens it once, when it loads the graph. */
export function matrixInFloat32(graph: GraphWriter, { values, scales }: StoredMatrix): ValueName {
  const floats = graph.storedAsFloat32(values);
  return scales === null ? floats : graph.op('Mul', [floats, graph.stored(scales)]);
}

interface ProductOptions {
  /** Take these outputs only; the runtime cuts the matrix once, when it loads the graph. */
  readonly columns?: Columns | undefined;
  /** Where the matrix lies in integers: compute in them too, or widen them first. */
  readonly inIntegers: boolean;
}

/**
 * x·W.
 * @param x [batch, tokens, inputs], in the type of the graph's activations
 */
export function matrixProduct(
  graph: GraphWriter,
  x: ValueName,
  matrix: StoredMatrix,
  { columns, inIntegers }: ProductOptions,
): ValueName {
  const cut = (value: ValueName, axis: number): ValueName =>
    columns === undefined
      ? value
      : graph.op('Slice', [value, ...columns.map((at) => graph.integers([at])), graph.integers([axis])]);
  const { values, scales } = matrix;
  if (scales === null) return graph.op('MatMul', [x, cut(graph.storedAsActivations(values), 1)]);
  if (!inIntegers) return graph.op('MatMul', [x, cut(matrixInFloat32(graph, matrix), 1)]);
  return integerProduct(graph, x, cut(graph.stored(values), 1), cut(graph.stored(scales), 0));
}

/**
 * Each token's activations get a scale of their own: with one for a whole batch (DynamicQuantizeLinear) a vector would
 * depend on what else is in the batch, and one large token would take the resolution of all others. The pattern
 * Mul(Cast(MatMulInteger), Mul(scalar, vector)) is what ONNX Runtime fuses to one kernel, so the tokens' scales are
 * parted into the largest, which goes into that product, and what each is of it, which is multiplied afterwards.
 */
function integerProduct(graph: GraphWriter, x: ValueName, integers: ValueName, scales: ValueName): ValueName {
  const largest = graph.op('ReduceMax', [graph.op('Abs', [x])], { axes: [-1], keepdims: 1 });
  const step = graph.op('Mul', [largest, graph.constant([1 / maxActivation])]);
  // A token of zeros has no largest value to divide by.
  const tokenScale = graph.op('Max', [step, graph.constant([1e-20])]);
  const flatScale = graph.op('Reshape', [tokenScale, graph.integers([-1])]);
  const zero = graph.op('Expand', [graph.bytes('uint8', [middle], [1]), graph.op('Shape', [flatScale])]);
  const flat = graph.op('Flatten', [x], { axis: 2 });
  const quantized = graph.op('QuantizeLinear', [flat, flatScale, zero], { axis: 0 });
  const tokens = graph.op('Reshape', [quantized, graph.op('Shape', [x])]);
  const sums = graph.op('MatMulInteger', [tokens, integers, graph.bytes('uint8', [middle]), graph.bytes('int8', [0])]);
  const inFloats = graph.cast(sums, 'float32');
  const batchScale = graph.op('ReduceMax', [tokenScale], { keepdims: 0 });
  const product = graph.op('Mul', [inFloats, graph.op('Mul', [batchScale, scales])]);
  return graph.op('Mul', [product, graph.op('Div', [tokenScale, batchScale])]);
}
