import { addLinear, addNorm, checkTensors, shapeOf } from '../checkpoint/checked-tensors.js';
import type { Checkpoint } from '../checkpoint/tensor.js';
import { describeResNet, type ResNet } from './backbone.js';
import type { DabDetrConfig } from './config.js';

/** A network whose checkpoint is whole. */
export interface DabDetr extends DabDetrConfig {
  readonly resNet: ResNet;
  /** Classes that each query has a score for. */
  readonly labels: number;
  /** Name of the layers that refine boxes: they have two names, of which one is saved. */
  readonly boxes: string;
}

const boxNames = ['model.decoder.bbox_embed', 'bbox_predictor'] as const;

/**
 * Checks that a checkpoint has what its configuration says, and nothing else.
 * @throws {Error} naming the first key that is absent, unknown, or of another shape or type
 */
export function checkStateDict(checkpoint: Checkpoint, config: DabDetrConfig): DabDetr {
  const { tensors } = checkpoint;
  const resNet = describeResNet(checkpoint, config);
  const boxes = boxNames.find((name) => tensors.has(`${name}.layers.0.weight`)) ?? boxNames[0];
  const [labels] = shapeOf(tensors, 'class_embed.weight', 2);
  const { width, queries } = config;
  const shapes = new Map<string, readonly number[]>(resNet.shapes);
  shapes.set('model.input_projection.weight', [width, resNet.channels, 1, 1]);
  shapes.set('model.input_projection.bias', [width]);
  shapes.set('model.query_refpoint_embeddings.weight', [queries, 4]);
  addLinear(shapes, 'class_embed', labels, width);
  addMlp(shapes, boxes, [width, width, width, 4]);
  addEncoder(shapes, config);
  addDecoder(shapes, config);
  checkTensors(checkpoint, {
    family: 'a DAB-DETR on a ResNet (DabDetrForObjectDetection)',
    shapes,
    dtypes: ['float32', 'float16', 'bfloat16'],
    unused: [/\.num_batches_tracked$/],
  });
  return { ...config, resNet, labels, boxes };
}

type Shapes = Map<string, readonly number[]>;

/** @param widths of the input, of each layer between, and of the output */
function addMlp(shapes: Shapes, name: string, widths: readonly number[]): void {
  widths.slice(1).forEach((out, at) => {
    addLinear(shapes, `${name}.layers.${at}`, out, widths[at] ?? 0);
  });
}

function addFeedForward(shapes: Shapes, name: string, { width, activation }: DabDetrConfig, inner: number): void {
  addLinear(shapes, `${name}fc1`, inner, width);
  addLinear(shapes, `${name}fc2`, width, inner);
  addNorm(shapes, `${name}final_layer_norm`, width);
  if (activation === 'prelu') shapes.set(`${name}activation_fn.weight`, [1]);
}

function addEncoder(shapes: Shapes, config: DabDetrConfig): void {
  const { width, encoder } = config;
  addMlp(shapes, 'model.encoder.query_scale', [width, width, width]);
  for (let layer = 0; layer < encoder.layers; layer++) {
    const name = `model.encoder.layers.${layer}.`;
    for (const part of ['q_proj', 'k_proj', 'v_proj', 'out_proj']) {
      addLinear(shapes, `${name}self_attn.${part}`, width, width);
    }
    addNorm(shapes, `${name}self_attn_layer_norm`, width);
    addFeedForward(shapes, name, config, encoder.feedForward);
  }
}

function addDecoder(shapes: Shapes, config: DabDetrConfig): void {
  const { width, decoder, keepQueryPositions } = config;
  addNorm(shapes, 'model.decoder.layernorm', width);
  addMlp(shapes, 'model.decoder.query_scale', [width, width, width]);
  addMlp(shapes, 'model.decoder.ref_point_head', [2 * width, width, width]);
  addMlp(shapes, 'model.decoder.ref_anchor_head', [width, width, 2]);
  for (let layer = 0; layer < decoder.layers; layer++) {
    const name = `model.decoder.layers.${layer}.`;
    const own = ['query_content', 'query_pos', 'key_content', 'key_pos', 'value'];
    for (const part of own) addLinear(shapes, `${name}self_attn.self_attn_${part}_proj`, width, width);
    const across = ['query_content', 'key_content', 'key_pos', 'value', 'query_pos_sine'];
    if (layer === 0 || keepQueryPositions) across.push('query_pos');
    for (const part of across) addLinear(shapes, `${name}cross_attn.cross_attn_${part}_proj`, width, width);
    for (const attention of ['self_attn', 'cross_attn']) {
      addLinear(shapes, `${name}${attention}.${attention}.output_proj`, width, width);
      addNorm(shapes, `${name}${attention}.${attention}_layer_norm`, width);
    }
    addFeedForward(shapes, `${name}mlp.`, config, decoder.feedForward);
  }
}
