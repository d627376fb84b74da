import { addLinear, addNorm, checkTensors, shapeOf } from '../checkpoint/checked-tensors.js';
import type { Checkpoint } from '../checkpoint/tensor.js';
import type { BiomedParseConfig } from './config.js';

type Shapes = Map<string, readonly number[]>;

/** Where the parts lie in the state dict (modeling/body/xdecoder_head.py). */
export const keys = {
  backbone: 'backbone.',
  pixels: 'sem_seg_head.pixel_decoder.',
  decoder: 'sem_seg_head.predictor.',
  language: 'sem_seg_head.predictor.lang_encoder.',
  text: 'sem_seg_head.predictor.lang_encoder.lang_encoder.',
} as const;

// What the released file holds and an answer to a prompt does not need: the loss, the second
// text encoder, and the embeddings of clicks and strokes.
const unused = [
  /^criterion\./,
  /^dilation_kernel$/,
  /^sem_seg_head\.predictor\.lang_encoder\.biomed_encoder\./,
  /^sem_seg_head\.predictor\.(?:pn_indicator|spatial_embed|spatial_featured)\.weight$/,
  /^sem_seg_head\.predictor\.mask_sptial_embed\.\d$/,
];

/** Most rows of a word table: CLIP's has 49,408. */
const maxVocabulary = 1 << 20;

/**
 * Checks that a checkpoint is a whole BiomedParse v1 network of the configured sizes.
 * @returns rows of the word table
 * @throws {Error} naming the first key, with both shapes
 */
export function checkStateDict(checkpoint: Checkpoint, config: BiomedParseConfig): { readonly vocabulary: number } {
  const [rows] = shapeOf(checkpoint.tensors, `${keys.language}lang_proj`, 2);
  if (rows !== config.text.width) {
    const variant = rows === 768 ? '; it is the variant “biomed-clip”, which has another text encoder' : '';
    throw new Error(`lang_proj has ${rows} rows; expected ${config.text.width}${variant}`);
  }
  const [vocabulary] = shapeOf(checkpoint.tensors, `${keys.text}token_embedding.weight`, 2);
  if (vocabulary > maxVocabulary) throw new Error(`${keys.text}token_embedding.weight has ${vocabulary} rows`);
  checkTensors(checkpoint, {
    family: 'a BiomedParse v1 network',
    shapes: expectedShapes(config, vocabulary),
    // Types that float32 holds exactly.
    dtypes: ['float32', 'float16', 'bfloat16'],
    unused,
  });
  return { vocabulary };
}

/**
 * Every key that is read, with its shape; tools/bench/full-size-masks.mjs draws made-up weights by it.
 * @public
 */
export function expectedShapes(config: BiomedParseConfig, vocabulary: number): Shapes {
  const shapes: Shapes = new Map();
  addBackbone(shapes, config);
  addPixelDecoder(shapes, config);
  addDecoder(shapes, config);
  addText(shapes, config, vocabulary);
  return shapes;
}

/** modeling/vision/backbone/focal.py */
function addBackbone(shapes: Shapes, { focal }: BiomedParseConfig): void {
  const root = keys.backbone;
  addConvolution(shapes, `${root}patch_embed.proj`, [focal.width, 3, 7, 7]);
  addNorm(shapes, `${root}patch_embed.norm`, focal.width);
  focal.depths.forEach((depth, stage) => {
    const width = focal.width * 2 ** stage;
    const block = {
      width,
      levels: focal.levels[stage] ?? 0,
      window: focal.windows[stage] ?? 0,
      hidden: Math.trunc(width * focal.mlpRatio),
    };
    for (let i = 0; i < depth; i++) addFocalBlock(shapes, `${root}layers.${stage}.blocks.${i}.`, block);
    if (stage + 1 < focal.depths.length) {
      addConvolution(shapes, `${root}layers.${stage}.downsample.proj`, [2 * width, width, 3, 3]);
      addNorm(shapes, `${root}layers.${stage}.downsample.norm`, 2 * width);
    }
    addNorm(shapes, `${root}norm${stage}`, width);
  });
}

/** Sizes of the blocks of one stage. */
interface FocalBlock {
  readonly width: number;
  readonly levels: number;
  /** Width of the kernel of the first level. */
  readonly window: number;
  /** Width of the hidden layer. */
  readonly hidden: number;
}

/** @param block the prefix of its tensors' names */
function addFocalBlock(shapes: Shapes, block: string, { width, levels, window, hidden }: FocalBlock): void {
  shapes.set(`${block}gamma_1`, [width]);
  shapes.set(`${block}gamma_2`, [width]);
  addNorm(shapes, `${block}norm1`, width);
  addNorm(shapes, `${block}norm2`, width);
  addLinear(shapes, `${block}modulation.f`, 2 * width + levels + 1, width);
  addConvolution(shapes, `${block}modulation.h`, [width, width, 1, 1]);
  addLinear(shapes, `${block}modulation.proj`, width, width);
  for (let level = 0; level < levels; level++) {
    const kernel = window + 2 * level;
    shapes.set(`${block}modulation.focal_layers.${level}.0.weight`, [width, 1, kernel, kernel]);
  }
  addLinear(shapes, `${block}mlp.fc1`, hidden, width);
  addLinear(shapes, `${block}mlp.fc2`, width, hidden);
}

/** modeling/vision/encoder/transformer_encoder_fpn.py */
function addPixelDecoder(shapes: Shapes, config: BiomedParseConfig): void {
  const root = keys.pixels;
  const { width, focal } = config;
  for (const level of [1, 2, 3, 4]) {
    if (level < 4) {
      shapes.set(`${root}adapter_${level}.weight`, [width, focal.width * 2 ** (level - 1), 1, 1]);
      addNorm(shapes, `${root}adapter_${level}.norm`, width);
    }
    shapes.set(`${root}layer_${level}.weight`, [width, width, 3, 3]);
    addNorm(shapes, `${root}layer_${level}.norm`, width);
  }
  addConvolution(shapes, `${root}mask_features`, [config.maskWidth, width, 3, 3]);
  addConvolution(shapes, `${root}input_proj`, [width, focal.width * 8, 1, 1]);
  for (let i = 0; i < config.encoderLayers; i++) {
    const layer = `${root}transformer.encoder.layers.${i}.`;
    addAttention(shapes, `${layer}self_attn`, width);
    addFeedForward(shapes, layer, config);
    addNorm(shapes, `${layer}norm1`, width);
    addNorm(shapes, `${layer}norm2`, width);
  }
}

/** modeling/interface/seem_demo.py */
function addDecoder(shapes: Shapes, config: BiomedParseConfig): void {
  const root = keys.decoder;
  const { width } = config;
  for (let i = 0; i < config.decoderLayers; i++) {
    addAttention(shapes, `${root}transformer_self_attention_layers.${i}.self_attn`, width);
    addAttention(shapes, `${root}transformer_cross_attention_layers.${i}.multihead_attn`, width);
    addFeedForward(shapes, `${root}transformer_ffn_layers.${i}.`, config);
    for (const kind of ['self_attention', 'cross_attention', 'ffn']) {
      addNorm(shapes, `${root}transformer_${kind}_layers.${i}.norm`, width);
    }
  }
  addNorm(shapes, `${root}decoder_norm`, width);
  shapes.set(`${root}query_feat.weight`, [config.queries, width]);
  shapes.set(`${root}query_embed.weight`, [config.queries, width]);
  shapes.set(`${root}level_embed.weight`, [3, width]);
  shapes.set(`${root}class_embed`, [width, width]);
  for (const i of [0, 1, 2])
    addLinear(shapes, `${root}mask_embed.layers.${i}`, i < 2 ? width : config.maskWidth, width);
}

/** modeling/language/LangEncoder/transformer.py, modeling/language/vlpencoder.py */
function addText(shapes: Shapes, { text, width }: BiomedParseConfig, vocabulary: number): void {
  shapes.set(`${keys.language}lang_proj`, [text.width, width]);
  shapes.set(`${keys.language}logit_scale`, []);
  shapes.set(`${keys.text}positional_embedding`, [text.context, text.width]);
  shapes.set(`${keys.text}token_embedding.weight`, [vocabulary, text.width]);
  for (let i = 0; i < text.layers; i++) {
    const block = `${keys.text}resblocks.${i}.`;
    addAttention(shapes, `${block}attn`, text.width);
    addNorm(shapes, `${block}ln_1`, text.width);
    addNorm(shapes, `${block}ln_2`, text.width);
    addLinear(shapes, `${block}mlp.c_fc`, 4 * text.width, text.width);
    addLinear(shapes, `${block}mlp.c_proj`, text.width, 4 * text.width);
  }
  addNorm(shapes, `${keys.text}ln_final`, text.width);
}

function addConvolution(shapes: Shapes, name: string, shape: readonly [number, number, number, number]): void {
  shapes.set(`${name}.weight`, shape);
  shapes.set(`${name}.bias`, [shape[0]]);
}

/** torch's MultiheadAttention: query, key and value stacked. */
function addAttention(shapes: Shapes, name: string, width: number): void {
  shapes.set(`${name}.in_proj_weight`, [3 * width, width]);
  shapes.set(`${name}.in_proj_bias`, [3 * width]);
  addLinear(shapes, `${name}.out_proj`, width, width);
}

function addFeedForward(shapes: Shapes, layer: string, { width, feedForward }: BiomedParseConfig): void {
  addLinear(shapes, `${layer}linear1`, feedForward, width);
  addLinear(shapes, `${layer}linear2`, width, feedForward);
}
