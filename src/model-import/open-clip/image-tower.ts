import { addNorm, countLayers, shapeOf } from '../checkpoint/checked-tensors.js';
import type { Checkpoint } from '../checkpoint/tensor.js';
import type { Projection } from './layers.js';
import type { OpenClipConfig } from './open-clip-config.js';
import { addBlockShapes, residualBlock, type BlockNames } from './residual-block.js';

/** A ViT that reads its class token: sizes, read off its tensors, and how its form names and computes its layers. */
export interface ImageTower {
  readonly width: number;
  readonly depth: number;
  readonly mlp: number;
  readonly patch: number;
  /** Patches along one side. */
  readonly grid: number;
  readonly headSize: number;
  readonly embedding: number;
  readonly classToken: string;
  readonly positions: string;
  readonly patches: string;
  readonly patchesHaveBias: boolean;
  /** A norm before the first block; null where there is none. */
  readonly firstNorm: string | null;
  readonly block: (index: number) => BlockNames;
  readonly lastNorm: string;
  readonly head: Projection;
  readonly epsilon: number;
  readonly quickGelu: boolean;
}

type Tensors = Checkpoint['tensors'];
type Form = Omit<ImageTower, 'width' | 'depth' | 'mlp' | 'patch' | 'grid' | 'embedding'>;

/** All published ViTs that open_clip takes from timm and that pool by the class token have heads of 64. */
const timmHeadSize = 64;

/** timm's VisionTransformer with open_clip's linear head (timm/models/vision_transformer.py, open_clip/timm_model.py). */
const timmForm: Form = {
  headSize: timmHeadSize,
  classToken: 'visual.trunk.cls_token',
  positions: 'visual.trunk.pos_embed',
  patches: 'visual.trunk.patch_embed.proj',
  patchesHaveBias: true,
  firstNorm: null,
  block: (index) => {
    const name = `visual.trunk.blocks.${index}.`;
    return {
      norm1: `${name}norm1`,
      qkv: `${name}attn.qkv`,
      attended: `${name}attn.proj`,
      norm2: `${name}norm2`,
      widen: `${name}mlp.fc1`,
      narrow: `${name}mlp.fc2`,
    };
  },
  lastNorm: 'visual.trunk.norm',
  head: { key: 'visual.head.proj.weight', storedAs: 'rows' },
  epsilon: 1e-6,
  quickGelu: false,
};

/** open_clip's own VisionTransformer, which is that of CLIP (open_clip/transformer.py). */
function clipForm(headSize: number, quickGelu: boolean): Form {
  return {
    headSize,
    classToken: 'visual.class_embedding',
    positions: 'visual.positional_embedding',
    patches: 'visual.conv1',
    patchesHaveBias: false,
    firstNorm: 'visual.ln_pre',
    block: (index) => residualBlock(`visual.transformer.resblocks.${index}.`),
    lastNorm: 'visual.ln_post',
    head: { key: 'visual.proj', storedAs: 'columns' },
    epsilon: 1e-5,
    quickGelu,
  };
}

/** @throws {Error} naming what does not fit the configuration */
export function readImageTower(tensors: Tensors, { vision, quickGelu, embedDim }: OpenClipConfig): ImageTower {
  const form = vision.form === 'timm' ? timmForm : clipForm(vision.headSize, quickGelu);
  const [width, , patch] = shapeOf(tensors, `${form.patches}.weight`, 4);
  const [mlp] = shapeOf(tensors, `${form.block(0).widen}.weight`, 2);
  const [rows, columns] = shapeOf(tensors, form.head.key, 2);
  const embedding = form.head.storedAs === 'rows' ? rows : columns;
  if (embedding !== embedDim) {
    throw new Error(`the configuration says embed_dim ${embedDim} while ${form.head.key} gives ${embedding}`);
  }
  if (vision.imageSize % patch !== 0) {
    throw new Error(`the configuration says image_size ${vision.imageSize}, which patches of ${patch} do not divide`);
  }
  checkHeads('image', width, form.headSize);
  const depth = countLayers(tensors, vision.form === 'timm' ? timmBlocks : clipBlocks);
  return { ...form, width, depth, mlp, patch, grid: vision.imageSize / patch, embedding };
}

const timmBlocks = /^visual\.trunk\.blocks\.(\d+)\./;
const clipBlocks = /^visual\.transformer\.resblocks\.(\d+)\./;

/** @throws {Error} where a tower's width is no multiple of its heads' */
export function checkHeads(tower: 'image' | 'text', width: number, headSize: number): void {
  if (width % headSize !== 0) {
    throw new Error(`its ${tower} tower is ${width} wide; expected a multiple of ${headSize}`);
  }
}

/** Every key with its shape. */
export function addImageShapes(shapes: Map<string, readonly number[]>, tower: ImageTower): void {
  const { width, mlp, patch, grid, embedding } = tower;
  const isTimm = tower.head.storedAs === 'rows';
  // timm keeps the batch axis.
  shapes.set(tower.classToken, isTimm ? [1, 1, width] : [width]);
  shapes.set(tower.positions, isTimm ? [1, grid ** 2 + 1, width] : [grid ** 2 + 1, width]);
  shapes.set(`${tower.patches}.weight`, [width, 3, patch, patch]);
  if (tower.patchesHaveBias) shapes.set(`${tower.patches}.bias`, [width]);
  if (tower.firstNorm !== null) addNorm(shapes, tower.firstNorm, width);
  for (let i = 0; i < tower.depth; i++) addBlockShapes(shapes, tower.block(i), width, mlp);
  addNorm(shapes, tower.lastNorm, width);
  shapes.set(tower.head.key, isTimm ? [embedding, width] : [width, embedding]);
}
