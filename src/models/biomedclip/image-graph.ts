import type { ValueName } from '../onnx/graph-writer.js';
import { elementTypes } from '../onnx/onnx-schema.js';
import type { Layers } from '../layers.js';
import type { OpenClipConfig } from './open-clip-config.js';
import { headSize, type Sizes } from './state-dict.js';

const epsilon = 1e-6;
const trunk = 'visual.trunk.';

/**
 * timm's VisionTransformer with open_clip's linear head (timm/models/vision_transformer.py, open_clip/timm_model.py):
 * `pixels` uint8 [batch, size, size, 3] → `embedding` float32 [batch, dimensions], unit length.
 */
export async function writeImageGraph(layers: Layers, sizes: Sizes, config: OpenClipConfig): Promise<void> {
  const { graph } = layers;
  const { imageSize } = config;
  const pixels = graph.input('pixels', 'uint8', ['batch', imageSize, imageSize, 3]);
  let x = await embedPatches(layers, normalised(layers, pixels, config), sizes);
  for (let i = 0; i < sizes.imageDepth; i++) x = await block(layers, x, `${trunk}blocks.${i}.`, sizes);
  // Norm works on each token alone: the class token is all that the head reads.
  const pooled = await layers.norm(layers.firstToken(x), `${trunk}norm`, epsilon);
  const embedding = layers.unitLength(await layers.linear(pooled, 'visual.head.proj', false));
  graph.output(embedding, 'embedding', 'float32', ['batch', sizes.embedding]);
}

/** (x/255 - mean) / std, channels first. */
function normalised({ graph }: Layers, pixels: ValueName, { mean, std }: OpenClipConfig): ValueName {
  const values = graph.op('Div', [graph.op('Cast', [pixels], { to: elementTypes.float32 }), graph.constant([255])]);
  const centred = graph.op('Sub', [values, graph.constant(mean, [3])]);
  return graph.op('Transpose', [graph.op('Div', [centred, graph.constant(std, [3])])], { perm: [0, 3, 1, 2] });
}

/** Patches row by row, the class token before them, position embeddings on all. */
async function embedPatches(layers: Layers, image: ValueName, sizes: Sizes): Promise<ValueName> {
  const { graph } = layers;
  const { imageWidth: width, patch } = sizes;
  const weight = await layers.tensor(`${trunk}patch_embed.proj.weight`);
  const bias = await layers.tensor(`${trunk}patch_embed.proj.bias`);
  const convolved = graph.op('Conv', [image, weight, bias], { kernel_shape: [patch, patch], strides: [patch, patch] });
  const flat = graph.op('Reshape', [convolved, graph.integers([0, 0, -1])]);
  const patches = graph.op('Transpose', [flat], { perm: [0, 2, 1] });
  const batch = graph.op('Slice', [graph.op('Shape', [patches]), graph.integers([0]), graph.integers([1])]);
  const shape = graph.op('Concat', [batch, graph.integers([1, width])], { axis: 0 });
  const classToken = graph.op('Expand', [await layers.tensor(`${trunk}cls_token`), shape]);
  const tokens = graph.op('Concat', [classToken, patches], { axis: 1 });
  return graph.op('Add', [tokens, await layers.tensor(`${trunk}pos_embed`)]);
}

/** x += proj(attention(norm1(x))); x += fc2(gelu(fc1(norm2(x)))) */
async function block(layers: Layers, x: ValueName, name: string, sizes: Sizes): Promise<ValueName> {
  const { graph } = layers;
  const { imageWidth: width } = sizes;
  const qkv = await layers.linear(await layers.norm(x, `${name}norm1`, epsilon), `${name}attn.qkv`);
  const part = (index: number) =>
    graph.op('Slice', [
      qkv,
      graph.integers([index * width]),
      graph.integers([(index + 1) * width]),
      graph.integers([2]),
    ]);
  const attended = layers.attend(part(0), part(1), part(2), { width, heads: width / headSize }, null);
  const after = graph.op('Add', [x, await layers.linear(attended, `${name}attn.proj`)]);
  const hidden = await layers.linear(await layers.norm(after, `${name}norm2`, epsilon), `${name}mlp.fc1`);
  return graph.op('Add', [after, await layers.linear(layers.gelu(hidden), `${name}mlp.fc2`)]);
}
