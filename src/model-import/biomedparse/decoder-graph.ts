import type { ValueName } from '../onnx/graph-writer.js';
import type { Layers } from '../layers.js';
import type { BiomedParseConfig } from './config.js';
import { transposed } from '../transpose.js';
import { epsilon, feedForward, levelOf, levels, projected, selfAttention } from './network.js';
import { keys } from './state-dict.js';

const root = keys.decoder;
/** Times it any logit below zero hides a cell: nothing of it is left in a softmax. */
const maxFloat = 3e38;
/** Of a kernel of three by three. */
const cells = 9;

/**
 * SEEM's decoder for one prompt (modeling/interface/seem_demo.py): `tokens` [length, width] and `sentence` [1, width] of
 * the text graph, and the outputs of the image graph → `similarity` [queries] (cosines of each query's caption and the
 * sentence, scaled), `query` int64 [1] (the best one), `logits` [height / 4, width / 4] of its mask.
 *
 * `queries_0` and on, the states before each prediction, can be asked for in checks against the official code.
 */
export async function writeDecoderGraph(layers: Layers, config: BiomedParseConfig): Promise<void> {
  const { graph } = layers;
  const { width, queries } = config;
  const tokens = graph.input('tokens', 'float32', ['length', width]);
  const sentence = graph.input('sentence', 'float32', [1, width]);
  const memory = declareMemory(layers, config);
  const tokenPositions = graph.op('Unsqueeze', [tokens, graph.integers([0])]);
  const queryPositions = await layers.tensor(`${root}query_embed.weight`, [1, queries, width]);
  // A token's position embedding is a copy of the token as it came (seem_demo.py, “_grounding_tokens”).
  const positions = graph.op('Concat', [queryPositions, tokenPositions], { axis: 1 });
  const head = await predictionHead(layers);
  let state: ValueName = await layers.tensor(`${root}query_feat.weight`, [1, queries, width]);
  let words = tokenPositions;
  for (let layer = 0; layer < config.decoderLayers; layer++) {
    graph.output(state, `queries_${layer}`, 'float32', [1, queries, width]);
    const hidden = hiddenCells(layers, head.maskEmbedding(head.normed(state)), memory.masks[levelOf(layer)] ?? '');
    const looked = await crossAttention(layers, state, queryPositions, { layer, hidden, memory }, config);
    const together = graph.op('Concat', [looked, words], { axis: 1 });
    const mixed = await mixedTogether(layers, together, positions, layer, config);
    const cut = (from: number, to: number) =>
      graph.op('Slice', [mixed, graph.integers([from]), graph.integers([to]), graph.integers([1])]);
    state = cut(0, queries);
    words = cut(queries, Number.MAX_SAFE_INTEGER);
  }
  graph.output(state, `queries_${config.decoderLayers}`, 'float32', [1, queries, width]);
  await writeAnswer(layers, head, { state, sentence, finest: memory.finest }, config);
}

interface Memory {
  /** [1, rows, columns, width] */
  readonly finest: ValueName;
  /** By level: [maskWidth, cells] */
  readonly masks: readonly ValueName[];
  /** By decoder layer. */
  readonly keys: readonly ValueName[];
  readonly values: readonly ValueName[];
}

function declareMemory({ graph }: Layers, { maskWidth, width, heads, decoderLayers }: BiomedParseConfig): Memory {
  const eachLayer = Array.from({ length: decoderLayers }, (_, layer) => layer);
  return {
    finest: graph.input('finest', 'float32', [1, 'rows', 'columns', width]),
    masks: levels.map((level) => graph.input(`mask_${level}`, 'float32', [maskWidth, `cells_${level}`])),
    keys: eachLayer.map((layer) =>
      graph.input(`key_${layer}`, 'float32', [1, heads, width / heads, `cells_${levelOf(layer)}`]),
    ),
    values: eachLayer.map((layer) =>
      graph.input(`value_${layer}`, 'float32', [1, heads, `cells_${levelOf(layer)}`, width / heads]),
    ),
  };
}

/** The weights of the prediction head, which is used after each layer: written once. */
interface Head {
  normed(state: ValueName): ValueName;
  /** [1, queries, width] → [1, queries, maskWidth] */
  maskEmbedding(normed: ValueName): ValueName;
}

async function predictionHead(layers: Layers): Promise<Head> {
  const { graph } = layers;
  const [scale, shift] = [
    await layers.tensor(`${root}decoder_norm.weight`),
    await layers.tensor(`${root}decoder_norm.bias`),
  ];
  const steps: { readonly weight: ValueName; readonly bias: ValueName }[] = [];
  for (const i of [0, 1, 2]) {
    const name = `${root}mask_embed.layers.${i}`;
    steps.push({ weight: await layers.transposedTensor(`${name}.weight`), bias: await layers.tensor(`${name}.bias`) });
  }
  return {
    normed: (state) => graph.op('LayerNormalization', [state, scale, shift], { axis: -1, epsilon: { float: epsilon } }),
    maskEmbedding: (normed) =>
      steps.reduce((x, { weight, bias }, i) => {
        const next = graph.op('Add', [graph.op('MatMul', [x, weight]), bias]);
        return i + 1 < steps.length ? graph.op('Relu', [next]) : next;
      }, normed),
  };
}

/**
 * Far below every score where a query's own mask says “not here”, but for a query that would see nothing: that one sees
 * all (prototype/attention_data_struct_seemdemo.py, cross_attn_mask). @returns [1, 1, queries, cells]
 */
function hiddenCells({ graph }: Layers, embedding: ValueName, features: ValueName): ValueName {
  const logits = graph.op('MatMul', [embedding, features]);
  const zero = graph.constant([0]);
  const highest = graph.op('ReduceMax', [logits], { axes: [-1], keepdims: 1 });
  const sees = graph.op('GreaterOrEqual', [highest, zero]);
  // Two walks through all cells; to compare, to combine and to choose were three, and slow ones.
  const weight = graph.op('Where', [sees, graph.constant([maxFloat]), zero]);
  const bias = graph.op('Mul', [graph.op('Min', [logits, zero]), weight]);
  return graph.op('Unsqueeze', [bias, graph.integers([1])]);
}

/** norm(x + attention(x + position, memory)): the queries look at the picture. */
async function crossAttention(
  layers: Layers,
  state: ValueName,
  positions: ValueName,
  { layer, hidden, memory }: { readonly layer: number; readonly hidden: ValueName; readonly memory: Memory },
  { width, heads }: BiomedParseConfig,
): Promise<ValueName> {
  const { graph } = layers;
  const name = `${root}transformer_cross_attention_layers.${layer}.`;
  const placed = graph.op('Add', [state, positions]);
  const query = await projected(layers, placed, `${name}multihead_attn`, 'query', width);
  const inputs = {
    query: layers.toHeads(query, width, heads),
    key: memory.keys[layer] ?? '',
    value: memory.values[layer] ?? '',
  };
  const mixed = layers.attendHeads(inputs, { width, heads }, hidden);
  const looked = await layers.linear(mixed, `${name}multihead_attn.out_proj`);
  return layers.norm(graph.op('Add', [state, looked]), `${name}norm`, epsilon);
}

/** Self-attention and feed-forward of queries and text tokens in one sequence. */
async function mixedTogether(
  layers: Layers,
  x: ValueName,
  positions: ValueName,
  layer: number,
  config: BiomedParseConfig,
): Promise<ValueName> {
  const { graph } = layers;
  const self = `${root}transformer_self_attention_layers.${layer}.`;
  const attended = await selfAttention(layers, { x, positions, name: `${self}self_attn` }, config);
  const after = await layers.norm(graph.op('Add', [x, attended]), `${self}norm`, epsilon);
  const ffn = `${root}transformer_ffn_layers.${layer}.`;
  return layers.norm(graph.op('Add', [after, await feedForward(layers, after, ffn)]), `${ffn}norm`, epsilon);
}

/** Picks the query whose caption fits the sentence best, and makes its mask alone (inference_utils/inference.py). */
async function writeAnswer(
  layers: Layers,
  head: Head,
  { state, sentence, finest }: Readonly<Record<'state' | 'sentence' | 'finest', ValueName>>,
  config: BiomedParseConfig,
): Promise<void> {
  const { graph } = layers;
  const { queries, maskWidth } = config;
  const normed = head.normed(state);
  const captions = graph.op('MatMul', [normed, await layers.tensor(`${root}class_embed`)]);
  const toSentence = graph.op('Transpose', [directionOf(layers, sentence)], { perm: [1, 0] });
  const cosines = graph.op('MatMul', [directionOf(layers, captions), toSentence]);
  const [logScale = 0] = await layers.values(`${keys.language}logit_scale`);
  const scaled = graph.op('Mul', [cosines, graph.constant([Math.min(Math.exp(logScale), 100)])]);
  const similarity = graph.op('Reshape', [scaled, graph.integers([queries])]);
  graph.output(similarity, 'similarity', 'float32', [queries]);
  const query = graph.op('ArgMax', [similarity], { axis: 0, keepdims: 1 });
  graph.output(query, 'query', 'int64', [1]);

  const chosen = graph.op('Gather', [head.maskEmbedding(normed), query], { axis: 1 });
  const row = graph.op('Reshape', [chosen, graph.integers([1, maskWidth])]);
  graph.output(await maskOf(layers, row, finest, config), 'logits', 'float32', ['rows', 'columns']);
}

/**
 * row · (W ∗ finest + b), of W's nine cells each by itself: the mask features of all channels are never made.
 * @param row [1, maskWidth] @returns [rows, columns]
 */
async function maskOf(
  layers: Layers,
  row: ValueName,
  finest: ValueName,
  { width, maskWidth }: BiomedParseConfig,
): Promise<ValueName> {
  const { graph } = layers;
  const name = `${keys.pixels}mask_features`;
  const byCell = transposed(await layers.values(`${name}.weight`), maskWidth * width, cells);
  const weights = await layers.weight(byCell, [cells, maskWidth, width]);
  const ofRow = graph.op('Squeeze', [graph.op('MatMul', [row, weights]), graph.integers([1])]);
  const seen = graph.op('MatMul', [finest, graph.op('Transpose', [ofRow], { perm: [1, 0] })]);
  const maps = graph.op('Transpose', [seen], { perm: [0, 3, 1, 2] });
  // Cell number c of the kernel lies at row c / 3, column c % 3: each map is moved there, and all are added.
  const places = Array.from({ length: cells * cells }, (_, i) => Number(Math.floor(i / cells) === i % cells));
  const moves = graph.constant(places, [1, cells, 3, 3]);
  const sum = graph.op('Conv', [maps, moves], { kernel_shape: [3, 3], strides: [1, 1], pads: [1, 1, 1, 1] });
  const bias = await layers.tensor(`${name}.bias`, [maskWidth, 1]);
  const logits = graph.op('Add', [sum, graph.op('MatMul', [row, bias])]);
  return graph.op('Squeeze', [logits, graph.integers([0, 1])]);
}

/** x / (|x| + 1e-7), as the official code has it. */
function directionOf({ graph }: Layers, x: ValueName): ValueName {
  const length = graph.op('ReduceL2', [x], { axes: [-1], keepdims: 1 });
  return graph.op('Div', [x, graph.op('Add', [length, graph.constant([1e-7])])]);
}
