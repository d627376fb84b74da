import type { ValueName } from '../onnx/graph-writer.js';
import { causalBias } from '../causal-bias.js';
import type { Layers } from './layers.js';
import { afterAttention } from './residual-block.js';
import { clipBlock, type ClipTextTower } from './text-tower.js';

const epsilon = 1e-5;

/**
 * CLIP's text transformer (open_clip/transformer.py, TextTransformer; open_clip/model.py, CLIP.encode_text):
 * `input_ids`, `attention_mask` int32 [batch, length] → `embedding` float32 [batch, dimensions], unit length.
 *
 * It is causal and reads the end token, which is the last that counts: what pads a row changes nothing before it.
 */
export async function writeClipTextGraph(layers: Layers, tower: ClipTextTower): Promise<void> {
  const { graph } = layers;
  const ids = graph.input('input_ids', 'int32', ['batch', 'length']);
  const mask = graph.input('attention_mask', 'int32', ['batch', 'length']);
  const length = graph.op('Slice', [graph.op('Shape', [ids]), graph.integers([1]), graph.integers([2])]);
  const end = endPositions(layers, mask);
  let x = await embedTokens(layers, ids, length, tower);
  const causal = causalBias(graph, length);
  for (let i = 0; i < tower.depth - 1; i++) x = await block(layers, x, null, causal, tower, i);
  x = await block(layers, x, end, keyBias(layers, mask), tower, tower.depth - 1);
  const token = graph.toFloat32(layers.onlyToken(x));
  const normed = await layers.normInFloat32(token, `${tower.prefix}ln_final`, epsilon);
  const projected = await layers.projection(normed, { key: `${tower.prefix}text_projection`, storedAs: 'columns' });
  graph.output(layers.unitLength(projected), 'embedding', 'float32', ['batch', tower.embedding]);
}

/** Where each row's end token stands: int64 [batch, 1, 1]. */
function endPositions({ graph }: Layers, mask: ValueName): ValueName {
  const count = graph.op('ReduceSum', [graph.cast(mask, 'int64'), graph.integers([1])], { keepdims: 1 });
  return graph.op('Unsqueeze', [graph.op('Sub', [count, graph.integers([1])]), graph.integers([2])]);
}

/** Word and position, in float32, then in the type of the activations. */
async function embedTokens(
  layers: Layers,
  ids: ValueName,
  length: ValueName,
  { prefix }: ClipTextTower,
): Promise<ValueName> {
  const { graph } = layers;
  const words = await layers.rows(`${prefix}token_embedding.weight`, ids);
  const table = await layers.tensorInFloat32(`${prefix}positional_embedding`);
  const positions = graph.op('Slice', [table, graph.integers([0]), length, graph.integers([0])]);
  return graph.toActivationType(graph.op('Add', [words, positions]));
}

/** For the end token alone: minus infinity for what pads its row: [batch, 1, 1, length]. */
function keyBias({ graph }: Layers, mask: ValueName): ValueName {
  const counts = graph.op('Unsqueeze', [graph.cast(mask, 'bool'), graph.integers([1, 2])]);
  return graph.op('Where', [counts, graph.constant([0]), graph.constant([-Infinity])]);
}

/**
 * x += attention(ln_1(x)); x += c_proj(gelu(c_fc(ln_2(x))))
 * @param only positions [batch, 1, 1] of the tokens whose new values are wanted; null for all
 */
async function block(
  layers: Layers,
  x: ValueName,
  only: ValueName | null,
  bias: ValueName,
  tower: ClipTextTower,
  index: number,
): Promise<ValueName> {
  const { graph } = layers;
  const { width } = tower;
  const names = clipBlock(tower.prefix, index);
  const wanted = (all: ValueName) => (only === null ? all : graph.op('GatherND', [all, only], { batch_dims: 1 }));
  const normed = await layers.norm(x, names.norm1, epsilon);
  const query = await layers.linear(wanted(normed), names.qkv, [0, width]);
  const key = await layers.linear(normed, names.qkv, [width, 2 * width]);
  const value = await layers.linear(normed, names.qkv, [2 * width, 3 * width]);
  const attended = layers.attend(query, key, value, width, bias);
  return afterAttention(layers, wanted(x), attended, names, { epsilon, quickGelu: tower.quickGelu });
}
