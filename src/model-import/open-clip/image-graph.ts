import type { ValueName } from '../onnx/graph-writer.js';
import type { Layers } from './layers.js';
import type { ImageTower } from './image-tower.js';
import type { OpenClipConfig } from './open-clip-config.js';
import { afterAttention } from './residual-block.js';

/**
 * A ViT that reads its class token (its sources: image-tower.ts): `pixels` uint8 [batch, size, size, 3] → `embedding` float32 [batch, dimensions], unit length.
 */
export async function writeImageGraph(layers: Layers, tower: ImageTower, config: OpenClipConfig): Promise<void> {
  const { graph } = layers;
  let x = await embedPatches(layers, pixelsOf(layers, config), tower);
  for (let i = 0; i < tower.depth; i++) {
    const { query, key, value } = await projections(layers, x, i, tower);
    const attended = layers.attend(query, key, value, tower.width, null);
    // The head reads the class token alone, so in the last block nothing else is computed.
    x = await afterAttention(layers, isLast(i, tower) ? layers.firstToken(x) : x, attended, tower.block(i), tower);
  }
  graph.output(await embeddingOf(layers, x, tower), 'embedding', 'float32', ['batch', tower.embedding]);
}

/**
 * What each patch adds to an embedding in a direction, by the attention of the class token: the direct part of the
 * decomposition of Gandelsman, Efros and Steinhardt, “Interpreting CLIP's Image Representation via Text-Based
 * Decomposition”, ICLR 2024, summed over blocks and heads. `pixels` as above, `direction` float32 [batch, dimensions]
 * → `support` float32 [batch, 1 + patches]: first the product of the whole embedding with the direction, then that of
 * each patch's part, row by row, in the scale before the last norm.
 */
export async function writeSupportGraph(layers: Layers, tower: ImageTower, config: OpenClipConfig): Promise<void> {
  const { graph } = layers;
  let x = await embedPatches(layers, pixelsOf(layers, config), tower);
  const direction = graph.input('direction', 'float32', ['batch', tower.embedding]);
  const inStream = await directionInStream(layers, direction, tower);
  const parts: ValueName[] = [];
  for (let i = 0; i < tower.depth; i++) {
    const { query, key, value } = await projections(layers, x, i, tower);
    parts.push(await blockSupport(layers, layers.firstToken(query), key, value, inStream, i, tower));
    const attended = layers.attend(query, key, value, tower.width, null);
    x = await afterAttention(layers, isLast(i, tower) ? layers.firstToken(x) : x, attended, tower.block(i), tower);
  }
  const sum = parts.reduce((a, b) => graph.op('Add', [a, b]));
  const tokens = tower.grid ** 2 + 1;
  // Without the class token, which is no place of the image.
  const ofPatches = graph.op('Slice', [sum, graph.integers([1]), graph.integers([tokens]), graph.integers([1])]);
  const product = graph.op('Mul', [await embeddingOf(layers, x, tower), direction]);
  const whole = graph.op('ReduceSum', [product, graph.integers([1])], { keepdims: 1 });
  graph.output(graph.op('Concat', [whole, ofPatches], { axis: 1 }), 'support', 'float32', ['batch', tokens]);
}

/** @param x the class token, [batch, 1, width] */
async function embeddingOf(layers: Layers, x: ValueName, tower: ImageTower): Promise<ValueName> {
  const token = layers.graph.toFloat32(layers.onlyToken(x));
  const normed = await layers.normInFloat32(token, tower.lastNorm, tower.epsilon);
  return layers.unitLength(await layers.projection(normed, tower.head));
}

function isLast(block: number, { depth }: ImageTower): boolean {
  return block === depth - 1;
}

/** The input, as the first convolution wants it. */
function pixelsOf(layers: Layers, config: OpenClipConfig): ValueName {
  const { imageSize } = config.vision;
  return normalized(layers, layers.graph.input('pixels', 'uint8', ['batch', imageSize, imageSize, 3]), config);
}

/** Back through the head and the linear part of the last norm: [batch, dimensions] → [batch, width]. */
async function directionInStream(layers: Layers, direction: ValueName, tower: ImageTower): Promise<ValueName> {
  const { graph } = layers;
  const scaled = graph.op('Mul', [
    await layers.projectionBackwards(direction, tower.head),
    await layers.tensorInFloat32(`${tower.lastNorm}.weight`),
  ]);
  return graph.op('Sub', [scaled, graph.op('ReduceMean', [scaled], { axes: [-1], keepdims: 1 })]);
}

/** One block's part: Σ over heads of attention(class, token) · (value of the token · direction): [batch, tokens]. */
async function blockSupport(
  layers: Layers,
  query: ValueName,
  key: ValueName,
  value: ValueName,
  inStream: ValueName,
  block: number,
  { block: names, width }: ImageTower,
): Promise<ValueName> {
  const { graph } = layers;
  const inValues = await layers.backwards(inStream, names(block).attended);
  const asToken = graph.op('Unsqueeze', [inValues, graph.integers([1])]);
  const along = graph.op('MatMul', [
    layers.toHeads(asToken, width, [0, 2, 1, 3]),
    layers.toHeads(value, width, [0, 2, 3, 1]),
  ]);
  const weighted = graph.op('Mul', [layers.attention(query, key, width, null), along]);
  return graph.op('ReduceSum', [weighted, graph.integers([1, 2])], { keepdims: 0 });
}

/** (x/255 - mean) / std in float32, then channels first, in the type of the activations. */
function normalized({ graph }: Layers, pixels: ValueName, { mean, std }: OpenClipConfig): ValueName {
  const values = graph.op('Div', [graph.cast(pixels, 'float32'), graph.constant([255])]);
  const centerd = graph.op('Sub', [values, graph.constant(mean, [3])]);
  const scaled = graph.toActivationType(graph.op('Div', [centerd, graph.constant(std, [3])]));
  return graph.op('Transpose', [scaled], { perm: [0, 3, 1, 2] });
}

/** Patches row by row, the class token before them, position embeddings on all; then the first norm, if any. */
async function embedPatches(layers: Layers, image: ValueName, tower: ImageTower): Promise<ValueName> {
  const { graph } = layers;
  const { width, patch } = tower;
  const weight = await layers.tensor(`${tower.patches}.weight`);
  const bias = tower.patchesHaveBias ? [await layers.tensor(`${tower.patches}.bias`)] : [];
  const convolved = graph.op('Conv', [image, weight, ...bias], {
    kernel_shape: [patch, patch],
    strides: [patch, patch],
  });
  const flat = graph.op('Reshape', [convolved, graph.integers([0, 0, -1])]);
  const patches = graph.op('Transpose', [flat], { perm: [0, 2, 1] });
  const batch = graph.op('Slice', [graph.op('Shape', [patches]), graph.integers([0]), graph.integers([1])]);
  const shape = graph.op('Concat', [batch, graph.integers([1, width])], { axis: 0 });
  const classToken = graph.op('Expand', [await layers.tensor(tower.classToken), shape]);
  const tokens = graph.op('Concat', [classToken, patches], { axis: 1 });
  const placed = graph.op('Add', [tokens, await layers.tensor(tower.positions)]);
  return tower.firstNorm === null ? placed : layers.norm(placed, tower.firstNorm, tower.epsilon);
}

interface Projections {
  readonly query: ValueName;
  readonly key: ValueName;
  readonly value: ValueName;
}

/** Query, key and value of a block, [batch, tokens, width]; in the last block the query is the class token's alone. */
async function projections(layers: Layers, x: ValueName, block: number, tower: ImageTower): Promise<Projections> {
  const { graph } = layers;
  const { width } = tower;
  const { norm1, qkv: stacked } = tower.block(block);
  const normed = await layers.norm(x, norm1, tower.epsilon);
  const cut = (from: ValueName, index: number) =>
    graph.op('Slice', [
      from,
      graph.integers([index * width]),
      graph.integers([(index + 1) * width]),
      graph.integers([2]),
    ]);
  if (isLast(block, tower)) {
    const query = await layers.linear(layers.firstToken(normed), stacked, [0, width]);
    const keyAndValue = await layers.linear(normed, stacked, [width, 3 * width]);
    return { query, key: cut(keyAndValue, 0), value: cut(keyAndValue, 1) };
  }
  const qkv = await layers.linear(normed, stacked);
  return { query: cut(qkv, 0), key: cut(qkv, 1), value: cut(qkv, 2) };
}
