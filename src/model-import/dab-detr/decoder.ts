import type { Layers } from '../layers.js';
import type { ValueName } from '../onnx/graph-writer.js';
import { feedForward, normed, addAndNorm, mlp } from './network.js';
import type { DabDetr } from './state-dict.js';

const root = 'model.decoder.';
/** Of gen_sine_position_embeddings. */
const temperature = 10_000;

/** The output of the encoder, a token for each cell of the feature map, which every layer of the decoder attends to. */
interface Memory {
  /** [batch, cells, width] */
  readonly tokens: ValueName;
  /** Position embeddings, [1, cells, width]. */
  readonly positions: ValueName;
}

/** Position embeddings of the queries. */
interface QueryPosition {
  /** [batch, queries, width]: added to the content in self-attention (`query_pos`). */
  readonly embedding: ValueName;
  /** [batch, queries, width]: compared with the positions of cells in cross-attention (`query_sine_embed`). */
  readonly sine: ValueName;
}

/**
 * DabDetrDecoder and the heads of DabDetrForObjectDetection: each layer refines the boxes of the one before.
 * @returns `boxes` [batch, queries, 4] as center, width and height, each 0 to 1; `scores` [batch, queries, labels]
 */
export async function decoder(
  layers: Layers,
  memory: Memory,
  network: DabDetr,
): Promise<{ readonly boxes: ValueName; readonly scores: ValueName }> {
  const { graph } = layers;
  const count = network.decoder.layers;
  // These do not depend on the input, so that the runtime computes them once, when it loads the graph.
  let x = graph.op('ConstantOfShape', [graph.integers([1, network.queries, network.width])]);
  let boxes = graph.op('Sigmoid', [
    await layers.tensor('model.query_refpoint_embeddings.weight', [1, network.queries, 4]),
  ]);
  for (let layer = 0; layer < count; layer++) {
    const position = await queryPosition(layers, x, boxes, { layer, network });
    x = await selfAttention(layers, x, position, { layer, network });
    x = await crossAttention(layers, x, position, { layer, network, memory });
    x = await feedForward(layers, x, `${root}layers.${layer}.mlp.`, network);
    // The boxes of the last layer are made below, from the normed states.
    if (layer < count - 1) boxes = await refinedBoxes(layers, boxes, x, network);
  }
  const last = await normed(layers, x, `${root}layernorm`);
  const logits = await layers.linear(last, 'class_embed');
  return { boxes: await refinedBoxes(layers, boxes, last, network), scores: graph.op('Sigmoid', [logits]) };
}

interface Step {
  readonly layer: number;
  readonly network: DabDetr;
}

/** sigmoid(offset + logit(boxes)) */
async function refinedBoxes(layers: Layers, boxes: ValueName, x: ValueName, network: DabDetr): Promise<ValueName> {
  const { graph } = layers;
  const least = graph.constant([1e-5]);
  const rest = graph.op('Sub', [graph.constant([1]), boxes]);
  const odds = graph.op('Div', [graph.op('Max', [boxes, least]), graph.op('Max', [rest, least])]);
  const offset = await mlp(layers, x, network.boxes, 3);
  return graph.op('Sigmoid', [graph.op('Add', [offset, graph.op('Log', [odds])])]);
}

/** Embeds the boxes of queries; the sine embedding is modulated by the width and height that a query expects (Liu et al., ICLR 2022). */
async function queryPosition(
  layers: Layers,
  x: ValueName,
  boxes: ValueName,
  { layer, network }: Step,
): Promise<QueryPosition> {
  const { graph } = layers;
  const { width } = network;
  const half = width / 2;
  const sine = sineEmbedding(layers, boxes, half);
  const flat = graph.op('Reshape', [sine, graph.integers([0, 0, 4 * half])]);
  const embedding = await mlp(layers, flat, `${root}ref_point_head`, 2);
  const sizes = graph.op('Sigmoid', [await mlp(layers, x, `${root}ref_anchor_head`, 2)]);
  const pick = (from: ValueName, at: readonly number[]) => graph.op('Gather', [from, graph.integers(at)], { axis: 2 });
  // The embedding of the row comes first: it is scaled by expected height / height, that of the column by expected width / width.
  const factors = graph.op('Div', [pick(sizes, [1, 0]), pick(boxes, [3, 2])]);
  const centers = pick(sine, [0, 1]);
  const modulated = graph.op('Mul', [centers, graph.op('Unsqueeze', [factors, graph.integers([3])])]);
  const joined = graph.op('Reshape', [modulated, graph.integers([0, 0, width])]);
  if (layer === 0) return { embedding, sine: joined };
  return { embedding, sine: graph.op('Mul', [joined, await mlp(layers, x, `${root}query_scale`, 2)]) };
}

/**
 * Sine and cosine by turns, of the row, the column, the width and the height of boxes (gen_sine_position_embeddings).
 * @param half how many values of each @returns [batch, queries, 4, half]
 */
function sineEmbedding({ graph }: Layers, boxes: ValueName, half: number): ValueName {
  const ordered = graph.op('Gather', [boxes, graph.integers([1, 0, 2, 3])], { axis: 2 });
  const angles = graph.op('Mul', [ordered, graph.constant([2 * Math.PI])]);
  const lengths = Array.from({ length: half / 2 }, (_, i) => temperature ** ((2 * i) / half));
  const turned = graph.op('Div', [
    graph.op('Unsqueeze', [angles, graph.integers([3])]),
    graph.constant(lengths, [half / 2]),
  ]);
  const pair = (wave: 'Sin' | 'Cos') => graph.op('Unsqueeze', [graph.op(wave, [turned]), graph.integers([4])]);
  const interleaved = graph.op('Concat', [pair('Sin'), pair('Cos')], { axis: 4 });
  return graph.op('Reshape', [interleaved, graph.integers([0, 0, 4, half])]);
}

async function selfAttention(
  layers: Layers,
  x: ValueName,
  { embedding }: QueryPosition,
  { layer, network: { width, decoder } }: Step,
): Promise<ValueName> {
  const name = `${root}layers.${layer}.self_attn.self_attn`;
  const withPosition = async (role: 'query' | 'key') =>
    layers.graph.op('Add', [
      await layers.linear(x, `${name}_${role}_content_proj`),
      await layers.linear(embedding, `${name}_${role}_pos_proj`),
    ]);
  const value = await layers.linear(x, `${name}_value_proj`);
  const sizes = { width, heads: decoder.heads };
  const attended = layers.attend(await withPosition('query'), await withPosition('key'), value, sizes, null);
  return addAndNorm(layers, x, await layers.linear(attended, `${name}.output_proj`), `${name}_layer_norm`);
}

/** Attention to the image. A head's score is the product of the contents plus the product of the positions. */
async function crossAttention(
  layers: Layers,
  x: ValueName,
  { embedding, sine }: QueryPosition,
  { layer, network, memory }: Step & { readonly memory: Memory },
): Promise<ValueName> {
  const { graph } = layers;
  const { width, keepQueryPositions } = network;
  const { heads } = network.decoder;
  const name = `${root}layers.${layer}.cross_attn.cross_attn`;
  const projected = (from: ValueName, what: string) => layers.linear(from, `${name}_${what}_proj`);
  const keyPosition = await projected(memory.positions, 'key_pos');
  let query = await projected(x, 'query_content');
  let key = await projected(memory.tokens, 'key_content');
  if (layer === 0 || keepQueryPositions) {
    query = graph.op('Add', [query, await projected(embedding, 'query_pos')]);
    key = graph.op('Add', [key, keyPosition]);
  }
  // The official code joins content and position of a head, which then has twice the channels.
  const scale = graph.constant([1 / Math.sqrt((2 * width) / heads)]);
  const compare = (one: ValueName, other: ValueName) =>
    graph.op('MatMul', [
      graph.op('Mul', [layers.toHeads(one, width, heads), scale]),
      layers.toKeyHeads(other, width, heads),
    ]);
  const positionScores = compare(await projected(sine, 'query_pos_sine'), keyPosition);
  const scores = graph.op('Softmax', [graph.op('Add', [compare(query, key), positionScores])], { axis: -1 });
  const value = layers.toHeads(await projected(memory.tokens, 'value'), width, heads);
  const attended = graph.op('Transpose', [graph.op('MatMul', [scores, value])], { perm: [0, 2, 1, 3] });
  const joined = graph.op('Reshape', [attended, graph.integers([0, 0, width])]);
  return addAndNorm(layers, x, await layers.linear(joined, `${name}.output_proj`), `${name}_layer_norm`);
}
