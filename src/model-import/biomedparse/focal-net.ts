import type { ValueName } from '../onnx/graph-writer.js';
import type { Layers } from '../layers.js';
import { transposed } from '../transpose.js';
import type { BiomedParseConfig } from './config.js';
import { convolution, epsilon, pointwise } from './network.js';
import { keys } from './state-dict.js';

const toChannelsFirst = { perm: [0, 3, 1, 2] };
const toChannelsLast = { perm: [0, 2, 3, 1] };

/**
 * FocalNet with a convolutional stem, post-norm and layer scale (modeling/vision/backbone/focal.py).
 * @param image [1, 3, height, width], normalized; both sizes multiples of 32
 * @returns res2 to res5: [1, channels, height / 4, width / 4] and on, each half the size with twice the channels
 */
export async function focalNet(
  layers: Layers,
  image: ValueName,
  { focal }: BiomedParseConfig,
): Promise<readonly ValueName[]> {
  const { graph } = layers;
  const root = keys.backbone;
  const maps: ValueName[] = [];
  // The stem pads 2 for a kernel of 7: its maps are a quarter of the picture, as (n + 4 - 7) / 4 + 1 rounds down to n / 4.
  let x = await patches(layers, image, `${root}patch_embed`, { stride: 4, padding: 2 });
  for (const [stage, depth] of focal.depths.entries()) {
    const width = focal.width * 2 ** stage;
    for (let i = 0; i < depth; i++) {
      const name = `${root}layers.${stage}.blocks.${i}.`;
      x = await block(layers, x, { name, width, levels: focal.levels[stage] ?? 0, scaled: focal.scaled });
    }
    maps.push(graph.op('Transpose', [await layers.norm(x, `${root}norm${stage}`, epsilon)], toChannelsFirst));
    if (stage + 1 === focal.depths.length) break;
    const first = graph.op('Transpose', [x], toChannelsFirst);
    x = await patches(layers, first, `${root}layers.${stage}.downsample`, { stride: 2, padding: 1 });
  }
  return maps;
}

/** A convolution, then a norm over the channels, which are last from here on: [1, height, width, channels]. */
async function patches(
  layers: Layers,
  x: ValueName,
  name: string,
  options: { readonly stride: number; readonly padding: number },
): Promise<ValueName> {
  const convolved = await convolution(layers, x, `${name}.proj`, options);
  return layers.norm(layers.graph.op('Transpose', [convolved], toChannelsLast), `${name}.norm`, epsilon);
}

interface Block {
  readonly name: string;
  readonly width: number;
  readonly levels: number;
  /** Whether the sum of the contexts is divided by their number. */
  readonly scaled: boolean;
}

/** x += γ₁·norm1(modulation(x)); x += γ₂·norm2(mlp(x)) */
async function block(layers: Layers, x: ValueName, { name, ...shape }: Block): Promise<ValueName> {
  const { graph } = layers;
  const added = async (to: ValueName, what: ValueName, number: 1 | 2) => {
    const last = graph.op('Transpose', [what], toChannelsLast);
    const even = await layers.scaledNorm(last, `${name}norm${number}`, `${name}gamma_${number}`, epsilon);
    return graph.op('Add', [to, even]);
  };
  const after = await added(x, await modulation(layers, x, { name: `${name}modulation`, ...shape }), 1);
  const first = graph.op('Transpose', [after], toChannelsFirst);
  const hidden = layers.gelu(await pointwise(layers, first, `${name}mlp.fc1`));
  return added(after, await pointwise(layers, hidden, `${name}mlp.fc2`), 2);
}

/**
 * query · h(Σ gateₗ · contextₗ), the contexts ever wider, the last one the whole picture.
 * @param x [1, height, width, channels] @returns [1, channels, height, width]
 */
async function modulation(layers: Layers, x: ValueName, { name, width, levels, scaled }: Block): Promise<ValueName> {
  const { graph } = layers;
  const first = graph.op('Transpose', [x], toChannelsFirst);
  // The official code cuts one product into query, context and gates; three products spare the copies.
  const query = await pointwise(layers, first, `${name}.f`, [0, width]);
  let context = await pointwise(layers, first, `${name}.f`, [width, 2 * width]);
  const gates = await gatesOf(layers, x, name, { from: 2 * width, share: scaled ? 1 / (levels + 1) : 1 });
  const gated = (what: ValueName, level: number) => {
    const [from, to] = [graph.integers([level]), graph.integers([level + 1])];
    return graph.op('Mul', [what, graph.op('Slice', [gates, from, to, graph.integers([1])])]);
  };
  let sum: ValueName | null = null;
  for (let level = 0; level < levels; level++) {
    const focal = `${name}.focal_layers.${level}.0`;
    context = layers.gelu(await convolution(layers, context, focal, { bias: false, groups: width }));
    const share = gated(context, level);
    sum = sum === null ? share : graph.op('Add', [sum, share]);
  }
  const column = graph.op('ReduceMean', [context], { axes: [2], keepdims: 1 });
  const whole = gated(layers.gelu(graph.op('ReduceMean', [column], { axes: [3], keepdims: 1 })), levels);
  const all = sum === null ? whole : graph.op('Add', [sum, whole]);
  const modulator = await convolution(layers, all, `${name}.h`);
  return pointwise(layers, graph.op('Mul', [query, modulator]), `${name}.proj`);
}

/** The last rows of f, times the share of each context in their sum: [1, levels + 1, height, width]. */
async function gatesOf(
  layers: Layers,
  x: ValueName,
  name: string,
  { from, share }: { readonly from: number; readonly share: number },
): Promise<ValueName> {
  const { graph } = layers;
  const [rows = 0, into = 0] = layers.shapeOf(`${name}.f.weight`);
  const count = rows - from;
  const shared = async (key: string, width: number) =>
    (await layers.values(key)).slice(from * width).map((value) => value * share);
  const matrix = transposed(await shared(`${name}.f.weight`, into), count, into);
  const product = graph.op('MatMul', [x, await layers.weight(matrix, [into, count])]);
  const gates = graph.op('Add', [product, await layers.weight(await shared(`${name}.f.bias`, 1), [count])]);
  return graph.op('Transpose', [gates], toChannelsFirst);
}
