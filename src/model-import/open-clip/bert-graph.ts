import type { ValueName } from '../onnx/graph-writer.js';
import type { Layers } from './layers.js';
import { bertEmbeddings as embeddings, bertLayer, type BertTower } from './text-tower.js';

const epsilon = 1e-12;

/** HF adds the smallest float32 to the scores of masked keys. */
const masked = -3.4028234663852886e38;

/**
 * HF's BERT with open_clip's class-token pooler and MLP projection (transformers/models/bert/modeling_bert.py,
 * open_clip/hf_model.py): `input_ids`, `attention_mask` int32 [batch, length] → `embedding` float32
 * [batch, dimensions], unit length.
 */
export async function writeBertGraph(layers: Layers, tower: BertTower): Promise<void> {
  const { graph } = layers;
  const ids = graph.input('input_ids', 'int32', ['batch', 'length']);
  const mask = graph.input('attention_mask', 'int32', ['batch', 'length']);
  const bias = keyBias(layers, ids, mask);
  let x = await embedTokens(layers, ids);
  for (let i = 0; i < tower.depth; i++) {
    const queries = i === tower.depth - 1 ? layers.firstToken(x) : x;
    x = await layer(layers, queries, x, bertLayer(i), tower.width, bias);
  }
  const token = graph.toFloat32(layers.onlyToken(x));
  const hidden = layers.geluInFloat32(await layers.projection(token, { key: 'text.proj.0.weight', storedAs: 'rows' }));
  const embedding = layers.unitLength(await layers.projection(hidden, { key: 'text.proj.2.weight', storedAs: 'rows' }));
  graph.output(embedding, 'embedding', 'float32', ['batch', tower.embedding]);
}

/**
 * 0 for a key that counts, the smallest float for one that does not: [batch, 1, 1, length]. A literal “[PAD]” in a
 * caption has the id 0 and does not count either, as open_clip's own mask is `ids != 0`.
 */
function keyBias({ graph }: Layers, ids: ValueName, mask: ValueName): ValueName {
  const isToken = graph.cast(graph.cast(ids, 'bool'), 'int32');
  const counts = graph.cast(graph.op('Mul', [isToken, mask]), 'float32');
  const left = graph.op('Mul', [graph.op('Sub', [graph.constant([1]), counts]), graph.constant([masked])]);
  return graph.op('Unsqueeze', [left, graph.integers([1, 2])]);
}

/** Word, position (0, 1, …) and token type (always 0), then the norm, in float32. */
async function embedTokens(layers: Layers, ids: ValueName): Promise<ValueName> {
  const { graph } = layers;
  const words = await layers.rows(`${embeddings}word_embeddings.weight`, ids);
  const length = graph.op('Slice', [graph.op('Shape', [ids]), graph.integers([1]), graph.integers([2])]);
  const table = await layers.tensorInFloat32(`${embeddings}position_embeddings.weight`);
  const positions = graph.op('Slice', [table, graph.integers([0]), length, graph.integers([0])]);
  const types = await layers.tensorInFloat32(`${embeddings}token_type_embeddings.weight`);
  const type = graph.op('Slice', [types, graph.integers([0]), graph.integers([1]), graph.integers([0])]);
  // HF adds word and type first, then position: the same order keeps the same rounding.
  const sum = graph.op('Add', [graph.op('Add', [words, type]), positions]);
  return graph.toActivationType(await layers.normInFloat32(sum, `${embeddings}LayerNorm`, epsilon));
}

/**
 * x = norm(x + dense(attention(x))); x = norm(x + dense(gelu(dense(x))))
 * @param x the tokens whose new values are wanted: all, or the class token where nothing reads the others
 * @param all what they look at
 */
async function layer(
  layers: Layers,
  x: ValueName,
  all: ValueName,
  name: string,
  width: number,
  bias: ValueName,
): Promise<ValueName> {
  const { graph } = layers;
  const query = await layers.linear(x, `${name}attention.self.query`);
  const key = await layers.linear(all, `${name}attention.self.key`);
  const value = await layers.linear(all, `${name}attention.self.value`);
  const attended = await layers.linear(layers.attend(query, key, value, width, bias), `${name}attention.output.dense`);
  const after = await layers.norm(graph.op('Add', [attended, x]), `${name}attention.output.LayerNorm`, epsilon);
  const hidden = layers.gelu(await layers.linear(after, `${name}intermediate.dense`));
  const out = graph.op('Add', [await layers.linear(hidden, `${name}output.dense`), after]);
  return layers.norm(out, `${name}output.LayerNorm`, epsilon);
}
