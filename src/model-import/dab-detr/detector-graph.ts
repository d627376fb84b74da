import type { Layers } from '../layers.js';
import { elementTypes } from '../onnx/onnx-schema.js';
import type { ValueName } from '../onnx/graph-writer.js';
import { resNet } from './backbone.js';
import { decoder } from './decoder.js';
import { sinePositions, encoder } from './network.js';
import type { DetectorPreparation } from './preparation.js';
import type { DabDetr } from './state-dict.js';

/**
 * `pixels` uint8 [batch, size, size, 3] → `boxes` float32 [batch, queries, 4], center, width and height as shares of the image,
 * and `scores` float32 [batch, queries, labels], 0 to 1 (transformers, modeling_dab_detr.py).
 */
export async function writeDetectorGraph(
  layers: Layers,
  network: DabDetr,
  preparation: DetectorPreparation,
): Promise<void> {
  const { graph } = layers;
  const { size } = preparation;
  const pixels = graph.input('pixels', 'uint8', ['batch', size, size, 3]);
  const map = await resNet(layers, normalized(layers, pixels, preparation), network.resNet);
  const projection = 'model.input_projection';
  const projected = graph.op(
    'Conv',
    [map, await layers.tensor(`${projection}.weight`), await layers.tensor(`${projection}.bias`)],
    { kernel_shape: [1, 1], strides: [1, 1], pads: [0, 0, 0, 0] },
  );
  const cells = graph.op('Reshape', [projected, graph.integers([0, 0, -1])]);
  const tokens = graph.op('Transpose', [cells], { perm: [0, 2, 1] });
  const side = Math.ceil(size / 32);
  const positions = await layers.weight(sinePositions(side, network), [1, side * side, network.width]);
  const memory = { tokens: await encoder(layers, tokens, positions, network), positions };
  const { boxes, scores } = await decoder(layers, memory, network);
  graph.output(boxes, 'boxes', 'float32', ['batch', network.queries, 4]);
  graph.output(scores, 'scores', 'float32', ['batch', network.queries, network.labels]);
}

/** (x/255 - mean) / std, channels first. */
function normalized({ graph }: Layers, pixels: ValueName, { mean, std }: DetectorPreparation): ValueName {
  const floats = graph.op('Cast', [pixels], { to: elementTypes.float32 });
  const values = graph.op('Div', [floats, graph.constant([255])]);
  const centered = graph.op('Sub', [values, graph.constant(mean, [3])]);
  return graph.op('Transpose', [graph.op('Div', [centered, graph.constant(std, [3])])], { perm: [0, 3, 1, 2] });
}
