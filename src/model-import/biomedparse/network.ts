import { elementTypes } from '../onnx/onnx-schema.js';
import type { ValueName } from '../onnx/graph-writer.js';
import type { Layers } from '../layers.js';
import { normGroups, type BiomedParseConfig } from './config.js';

/** torch's default of LayerNorm and GroupNorm. */
export const epsilon = 1e-5;

/** Levels of memory that the decoder looks at, from coarse (1/32 of the picture) to fine (1/8). */
export const levels = [0, 1, 2] as const;

/** Which level a decoder layer looks at. */
export function levelOf(layer: number): number {
  return layer % levels.length;
}

/** A part of a tensor in which query, key and value are stacked: rows [part·width, (part + 1)·width). */
export async function projected(
  layers: Layers,
  x: ValueName,
  name: string,
  part: 'query' | 'key' | 'value',
  width: number,
): Promise<ValueName> {
  const at = ['query', 'key', 'value'].indexOf(part);
  const names = [`${name}.in_proj_weight`, `${name}.in_proj_bias`] as const;
  return layers.linearRows(x, names, at * width, (at + 1) * width);
}

/** out_proj(attention(q, k, v)) of a sequence with itself, as torch's MultiheadAttention. */
export async function selfAttention(
  layers: Layers,
  { x, positions, name }: { readonly x: ValueName; readonly positions: ValueName | null; readonly name: string },
  sizes: { readonly width: number; readonly heads: number },
  bias: ValueName | null = null,
): Promise<ValueName> {
  const { graph } = layers;
  // Positions are part of what is compared, not of what is mixed.
  const placed = positions === null ? x : graph.op('Add', [x, positions]);
  const query = await projected(layers, placed, name, 'query', sizes.width);
  const key = await projected(layers, placed, name, 'key', sizes.width);
  const value = await projected(layers, x, name, 'value', sizes.width);
  return layers.linear(layers.attend(query, key, value, sizes, bias), `${name}.out_proj`);
}

/** linear2(relu(linear1(x))) */
export async function feedForward(layers: Layers, x: ValueName, name: string): Promise<ValueName> {
  const hidden = layers.graph.op('Relu', [await layers.linear(x, `${name}linear1`)]);
  return layers.linear(hidden, `${name}linear2`);
}

/** A convolution over [1, channels, height, width] that keeps the size, but for its stride. */
export async function convolution(
  layers: Layers,
  x: ValueName,
  name: string,
  { bias = true, stride = 1, padding, groups = 1 }: ConvolutionOptions = {},
): Promise<ValueName> {
  const [, , kernel = 1] = layers.shapeOf(`${name}.weight`);
  const pad = padding ?? Math.floor(kernel / 2);
  const inputs = [x, await layers.tensor(`${name}.weight`)];
  if (bias) inputs.push(await layers.tensor(`${name}.bias`));
  return layers.graph.op('Conv', inputs, {
    kernel_shape: [kernel, kernel],
    strides: [stride, stride],
    pads: [pad, pad, pad, pad],
    group: groups,
  });
}

interface ConvolutionOptions {
  readonly bias?: boolean;
  readonly stride?: number;
  readonly padding?: number;
  readonly groups?: number;
}

/**
 * x·Wᵀ + b over the channels of [1, channels, height, width]: a convolution of one cell. ONNX Runtime's convolutions keep
 * channels in blocks on a CPU, and are faster there than its matrix product; a GELU between two of them costs half.
 * @param rows of W and b; all where absent
 */
export async function pointwise(
  layers: Layers,
  x: ValueName,
  name: string,
  rows?: readonly [from: number, to: number],
): Promise<ValueName> {
  const [out = 0, into = 0] = layers.shapeOf(`${name}.weight`);
  const [from, to] = rows ?? [0, out];
  const weight = await layers.rows(`${name}.weight`, from, to, [into, 1, 1]);
  return layers.graph.op('Conv', [x, weight, await layers.rows(`${name}.bias`, from, to)], cell);
}

const cell = { kernel_shape: [1, 1], strides: [1, 1], pads: [0, 0, 0, 0] };

/** GroupNorm(32) over [1, channels, height, width]: each group is one instance of an instance norm. */
export async function groupNorm(layers: Layers, x: ValueName, name: string): Promise<ValueName> {
  const { graph } = layers;
  const [channels = 0] = layers.shapeOf(`${name}.weight`);
  const grouped = graph.op('Reshape', [x, graph.integers([0, normGroups, -1])]);
  const ones = graph.constant(Array<number>(normGroups).fill(1), [normGroups]);
  const zeros = graph.constant(Array<number>(normGroups).fill(0), [normGroups]);
  const even = graph.op('InstanceNormalization', [grouped, ones, zeros], { epsilon: { float: epsilon } });
  const back = graph.op('Reshape', [even, graph.op('Shape', [x])]);
  // A convolution of one cell a channel: the runtime takes a ReLU that follows along in the same walk through memory.
  const weights = [await layers.tensor(`${name}.weight`, [channels, 1, 1, 1]), await layers.tensor(`${name}.bias`)];
  return graph.op('Conv', [back, ...weights], { ...cell, group: channels });
}

/** [1, channels, height, width] → [1, height·width, channels] */
export function toTokens({ graph }: Layers, x: ValueName): ValueName {
  return graph.op('Transpose', [graph.op('Reshape', [x, graph.integers([0, 0, -1])])], { perm: [0, 2, 1] });
}

/**
 * Sine position embeddings (modeling/modules/position_encoding.py, normalized): the upper half of the channels tells
 * the row, the lower half the column. Made from the map's own size, so that a graph takes every size.
 * @param map [1, any, height, width] @returns [1, height·width, width of the model]
 */
export function sinePositions(layers: Layers, map: ValueName, { width }: BiomedParseConfig): ValueName {
  const { graph } = layers;
  const [rows, columns] = [2, 3].map((axis) => sizeOf(layers, map, axis));
  if (rows === undefined || columns === undefined) throw new Error('a map has two axes');
  const half = width / 2;
  const shape = graph.op('Concat', [rows, columns, graph.integers([half])], { axis: 0 });
  const byRow = graph.op('Unsqueeze', [waves(layers, rows, half), graph.integers([1])]);
  const down = graph.op('Expand', [byRow, shape]);
  const across = graph.op('Expand', [waves(layers, columns, half), shape]);
  const both = graph.op('Concat', [down, across], { axis: 2 });
  return graph.op('Reshape', [both, graph.integers([1, -1, width])]);
}

/** For 1, 2, … size: sine and cosine in turn, at half/2 wave lengths. @returns [size, half] */
function waves(layers: Layers, size: ValueName, half: number): ValueName {
  const { graph } = layers;
  const one = graph.constant([1]);
  const last = graph.op('Cast', [graph.op('Squeeze', [size])], { to: elementTypes.float32 });
  const steps = graph.op('Range', [one, graph.op('Add', [last, one]), one]);
  // The order of the operations is the official one: each rounds.
  const share = graph.op('Div', [steps, graph.op('Add', [last, graph.constant([1e-6])])]);
  const angles = graph.op('Unsqueeze', [graph.op('Mul', [share, graph.constant([2 * Math.PI])]), graph.integers([1])]);
  const lengths = Array.from({ length: half / 2 }, (_, i) => 10_000 ** ((2 * i) / half));
  const turned = graph.op('Div', [angles, graph.constant(lengths, [1, half / 2])]);
  const pair = (wave: 'Sin' | 'Cos') => graph.op('Unsqueeze', [graph.op(wave, [turned]), graph.integers([2])]);
  const interleaved = graph.op('Concat', [pair('Sin'), pair('Cos')], { axis: 2 });
  return graph.op('Reshape', [interleaved, graph.integers([-1, half])]);
}

/** The length of one axis, as a list of one number. */
export function sizeOf({ graph }: Layers, x: ValueName, axis: number): ValueName {
  return graph.op('Slice', [graph.op('Shape', [x]), graph.integers([axis]), graph.integers([axis + 1])]);
}
