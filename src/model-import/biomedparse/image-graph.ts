import type { ValueName } from '../onnx/graph-writer.js';
import { elementTypes } from '../onnx/onnx-schema.js';
import type { Layers } from '../layers.js';
import type { BiomedParseConfig } from './config.js';
import { focalNet } from './focal-net.js';
import {
  convolution,
  epsilon,
  feedForward,
  groupNorm,
  levelOf,
  levels,
  projected,
  selfAttention,
  sinePositions,
  sizeOf,
  toTokens,
} from './network.js';
import { keys } from './state-dict.js';

/**
 * Everything that no prompt changes: `pixels` uint8 [height, width, 3], both sizes multiples of 32 →
 * - `finest` [1, height / 4, width / 4, width]: the map of which a convolution makes the mask features;
 * - `mask_0` to `mask_2` [maskWidth, cells]: mask features at the size of each level, from 1/32 to 1/8;
 * - `key_L` [1, heads, width / heads, cells], `value_L` [1, heads, cells, width / heads]: what decoder layer L looks at.
 *
 * `res2` to `res5` and `map_0` to `map_2`, steps on the way, can be asked for in checks against the official code.
 */
export async function writeImageGraph(layers: Layers, config: BiomedParseConfig): Promise<void> {
  const { graph } = layers;
  const pixels = graph.input('pixels', 'uint8', ['height', 'width', 3]);
  const stages = await focalNet(layers, normalized(layers, pixels, config), config);
  stages.forEach((map, i) => {
    graph.output(map, `res${i + 2}`, 'float32', [1, config.focal.width * 2 ** i, `rows_${i}`, `columns_${i}`]);
  });
  const { maps, finest } = await pixelDecoder(layers, stages, config);
  maps.forEach((map, level) => {
    graph.output(map, `map_${level}`, 'float32', [1, config.width, `rows_${3 - level}`, `columns_${3 - level}`]);
  });
  // Channels last: so a prompt takes each cell's product with a few columns as it reads them, one after the other.
  const ofAll = graph.op('Transpose', [finest], { perm: [0, 2, 3, 1] });
  graph.output(ofAll, 'finest', 'float32', [1, 'rows_0', 'columns_0', config.width]);
  await writeMaskFeatures(layers, finest, config);
  await writeMemories(layers, maps, config);
}

/** (x - mean) / std over 0..255, channels first. */
function normalized({ graph }: Layers, pixels: ValueName, { mean, std }: BiomedParseConfig): ValueName {
  const values = graph.op('Cast', [pixels], { to: elementTypes.float32 });
  const centerd = graph.op('Sub', [values, graph.constant(mean, [3])]);
  const image = graph.op('Transpose', [graph.op('Div', [centerd, graph.constant(std, [3])])], { perm: [2, 0, 1] });
  return graph.op('Unsqueeze', [image, graph.integers([0])]);
}

/**
 * A transformer encoder on the coarsest map, then a feature pyramid (modeling/vision/encoder/transformer_encoder_fpn.py).
 * @returns the three coarser maps, from coarse to fine, and the finest
 */
async function pixelDecoder(
  layers: Layers,
  stages: readonly ValueName[],
  config: BiomedParseConfig,
): Promise<{ readonly maps: readonly ValueName[]; readonly finest: ValueName }> {
  const { graph } = layers;
  const maps: ValueName[] = [];
  let map: ValueName | null = null;
  for (let level = 4; level >= 1; level--) {
    const stage = stages[level - 1];
    if (stage === undefined) throw new Error('a backbone has four stages');
    const source: ValueName =
      map === null
        ? await encoded(layers, stage, config)
        : graph.op('Add', [await adapted(layers, stage, level), twice(layers, map)]);
    const convolved = await convolution(layers, source, `${keys.pixels}layer_${level}`, { bias: false });
    map = graph.op('Relu', [await groupNorm(layers, convolved, `${keys.pixels}layer_${level}.norm`)]);
    maps.push(map);
  }
  const [finest] = maps.splice(3);
  if (finest === undefined) throw new Error('a pyramid has four levels');
  return { maps, finest };
}

async function adapted(layers: Layers, stage: ValueName, level: number): Promise<ValueName> {
  const name = `${keys.pixels}adapter_${level}`;
  return groupNorm(layers, await convolution(layers, stage, name, { bias: false }), `${name}.norm`);
}

/** Nearest neighbor, twice the size. */
function twice({ graph }: Layers, map: ValueName): ValueName {
  return graph.op('Resize', [map, '', graph.constant([1, 1, 2, 2], [4])], {
    mode: 'nearest',
    coordinate_transformation_mode: 'asymmetric',
    nearest_mode: 'floor',
  });
}

/** DETR's encoder, norm after each step (modeling/vision/encoder/transformer_blocks.py). */
async function encoded(layers: Layers, stage: ValueName, config: BiomedParseConfig): Promise<ValueName> {
  const { graph } = layers;
  const start = await convolution(layers, stage, `${keys.pixels}input_proj`);
  const positions = sinePositions(layers, stage, config);
  let x = toTokens(layers, start);
  for (let i = 0; i < config.encoderLayers; i++) {
    const name = `${keys.pixels}transformer.encoder.layers.${i}.`;
    const attended = await selfAttention(layers, { x, positions, name: `${name}self_attn` }, config);
    x = await layers.norm(graph.op('Add', [x, attended]), `${name}norm1`, epsilon);
    x = await layers.norm(graph.op('Add', [x, await feedForward(layers, x, name)]), `${name}norm2`, epsilon);
  }
  return graph.op('Reshape', [graph.op('Transpose', [x], { perm: [0, 2, 1] }), graph.op('Shape', [start])]);
}

/**
 * The mask features at the size of each level. The official decoder makes all masks at full size and shrinks them to
 * learn where each query may look; a bilinear resize and a sum over channels can change places, so the features are
 * shrunk here once and the many full-size masks are never made. The resize to 1/2, 1/4 or 1/8 is the mean of the two by
 * two cells in the middle of each 2, 4 or 8, and changes places with the convolution that makes the features as well: at
 * full size they are not made either.
 */
async function writeMaskFeatures(layers: Layers, finest: ValueName, config: BiomedParseConfig): Promise<void> {
  const { graph } = layers;
  const name = `${keys.pixels}mask_features`;
  const [weight, bias] = [await layers.tensor(`${name}.weight`), await layers.tensor(`${name}.bias`)];
  for (const level of levels) {
    const step = 2 ** (3 - level);
    const near = step > 4 ? middleFours(layers, finest, step, config.width) : finest;
    // Of each four cells the convolution of the middle two sees all; of each two it sees a neighbor on both sides.
    const edge = step === 2 ? 1 : 0;
    const means = graph.op('AveragePool', [near], {
      kernel_shape: [2, 2],
      strides: [1, 1],
      pads: [edge, edge, edge, edge],
      count_include_pad: 1,
    });
    const stride = Math.min(step, 4);
    const features = graph.op('Conv', [means, weight, bias], {
      kernel_shape: [3, 3],
      strides: [stride, stride],
      pads: [0, 0, 0, 0],
    });
    const flat = graph.op('Reshape', [features, graph.integers([config.maskWidth, -1])]);
    graph.output(flat, `mask_${level}`, 'float32', [config.maskWidth, `cells_${level}`]);
  }
}

/** Of each `step` rows and columns the four in the middle: [1, channels, 4 · height / step, 4 · width / step] */
function middleFours(layers: Layers, map: ValueName, step: number, channels: number): ValueName {
  const { graph } = layers;
  const columns = graph.op('Div', [sizeOf(layers, map, 3), graph.integers([step])]);
  const split = graph.op('Concat', [graph.integers([-1, step]), columns, graph.integers([step])], { axis: 0 });
  const at = (place: number) => graph.integers([place, place]);
  const inputs = [graph.op('Reshape', [map, split]), at(step / 2 - 2), at(step / 2 + 2), graph.integers([1, 3])];
  const fours = graph.op('Mul', [columns, graph.integers([4])]);
  const joined = graph.op('Concat', [graph.integers([1, channels, -1]), fours], { axis: 0 });
  return graph.op('Reshape', [graph.op('Slice', inputs), joined]);
}

/** Keys and values of every decoder layer: the greater part of a prompt's cost, and the same for all prompts. */
async function writeMemories(layers: Layers, maps: readonly ValueName[], config: BiomedParseConfig): Promise<void> {
  const { graph } = layers;
  const { width, heads } = config;
  const memories: { readonly values: ValueName; readonly placed: ValueName }[] = [];
  for (const [level, map] of maps.entries()) {
    const embedding = await layers.rows(`${keys.decoder}level_embed.weight`, level, level + 1);
    const values = graph.op('Add', [toTokens(layers, map), embedding]);
    memories.push({ values, placed: graph.op('Add', [values, sinePositions(layers, map, config)]) });
  }
  for (let layer = 0; layer < config.decoderLayers; layer++) {
    const level = levelOf(layer);
    const memory = memories[level];
    if (memory === undefined) throw new Error('a decoder looks at three levels');
    const name = `${keys.decoder}transformer_cross_attention_layers.${layer}.multihead_attn`;
    const key = layers.toKeyHeads(await projected(layers, memory.placed, name, 'key', width), width, heads);
    const value = layers.toHeads(await projected(layers, memory.values, name, 'value', width), width, heads);
    graph.output(key, `key_${layer}`, 'float32', [1, heads, width / heads, `cells_${level}`]);
    graph.output(value, `value_${layer}`, 'float32', [1, heads, `cells_${level}`, width / heads]);
  }
}
