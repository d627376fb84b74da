import type { Layers } from '../layers.js';
import type { ValueName } from '../onnx/graph-writer.js';
import type { DabDetr } from './state-dict.js';

/** torch's default of LayerNorm. */
const epsilon = 1e-5;

/** The residual connection: norm(a + b). */
export async function addAndNorm(layers: Layers, a: ValueName, b: ValueName, name: string): Promise<ValueName> {
  return layers.norm(layers.graph.op('Add', [a, b]), name, epsilon);
}

export function normed(layers: Layers, x: ValueName, name: string): Promise<ValueName> {
  return layers.norm(x, name, epsilon);
}

/** Linear layers with a ReLU between them (DabDetrMLP). */
export async function mlp(layers: Layers, x: ValueName, name: string, depth: number): Promise<ValueName> {
  let value = x;
  for (let layer = 0; layer < depth; layer++) {
    const out = await layers.linear(value, `${name}.layers.${layer}`);
    value = layer < depth - 1 ? layers.graph.op('Relu', [out]) : out;
  }
  return value;
}

/** norm(x + fc2(activation(fc1(x)))) */
export async function feedForward(
  layers: Layers,
  x: ValueName,
  name: string,
  { activation }: Pick<DabDetr, 'activation'>,
): Promise<ValueName> {
  const inner = await layers.linear(x, `${name}fc1`);
  const active =
    activation === 'relu'
      ? layers.graph.op('Relu', [inner])
      : layers.graph.op('PRelu', [inner, await layers.tensor(`${name}activation_fn.weight`)]);
  return addAndNorm(layers, x, await layers.linear(active, `${name}fc2`), `${name}final_layer_norm`);
}

/** DabDetrEncoder: the position embedding of each token is scaled by an MLP of its content. */
export async function encoder(
  layers: Layers,
  tokens: ValueName,
  positions: ValueName,
  network: DabDetr,
): Promise<ValueName> {
  const { graph } = layers;
  const { width } = network;
  const { heads } = network.encoder;
  let x = tokens;
  for (let layer = 0; layer < network.encoder.layers; layer++) {
    const name = `model.encoder.layers.${layer}.`;
    const scales = await mlp(layers, x, 'model.encoder.query_scale', 2);
    const withPositions = graph.op('Add', [x, graph.op('Mul', [positions, scales])]);
    const query = await layers.linear(withPositions, `${name}self_attn.q_proj`);
    const key = await layers.linear(withPositions, `${name}self_attn.k_proj`);
    const value = await layers.linear(x, `${name}self_attn.v_proj`);
    const attended = await layers.linear(
      layers.attend(query, key, value, { width, heads }, null),
      `${name}self_attn.out_proj`,
    );
    x = await addAndNorm(layers, x, attended, `${name}self_attn_layer_norm`);
    x = await feedForward(layers, x, name, network);
  }
  return x;
}

/**
 * Position embeddings of the cells of a square feature map (DabDetrSinePositionEmbedding): the first half of the channels tells
 * the row, the other one the column, sine and cosine by turns.
 * @returns [side², width]
 */
export function sinePositions(side: number, { width, positions }: Pick<DabDetr, 'width' | 'positions'>): Float32Array {
  const half = width / 2;
  const { rowTemperature, columnTemperature, scale } = positions;
  const values = new Float32Array(side * side * width);
  for (let cell = 0; cell < side * side; cell++) {
    const places = [Math.floor(cell / side), cell % side].map((at) => ((at + 1) / (side + 1e-6)) * scale);
    for (let channel = 0; channel < width; channel++) {
      const isColumn = channel >= half;
      const inHalf = channel % half;
      const length = (isColumn ? columnTemperature : rowTemperature) ** ((2 * Math.floor(inHalf / 2)) / half);
      const angle = (places[isColumn ? 1 : 0] ?? 0) / length;
      values[cell * width + channel] = inHalf % 2 === 0 ? Math.sin(angle) : Math.cos(angle);
    }
  }
  return values;
}
