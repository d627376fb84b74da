import { addLinear, addNorm, countLayers, shapeOf } from '../checkpoint/checked-tensors.js';
import type { Checkpoint } from '../checkpoint/tensor.js';
import { checkHeads } from './image-tower.js';
import type { OpenClipConfig } from './open-clip-config.js';
import { addBlockShapes, residualBlock } from './residual-block.js';

/** Sizes of a text tower, read off its tensors. */
interface TextSizes {
  readonly width: number;
  readonly depth: number;
  readonly mlp: number;
  readonly headSize: number;
  /** Rows of the table of tokens. */
  readonly vocabulary: number;
  readonly positions: number;
  readonly embedding: number;
}

/** HF's BERT with open_clip's MLP projection. */
export interface BertTower extends TextSizes {
  readonly form: 'bert';
  /** Width between the two layers of the projection. */
  readonly projection: number;
}

/** CLIP's causal transformer, which reads the token at the end. */
export interface ClipTextTower extends TextSizes {
  readonly form: 'clip';
  /** Before all names: open_clip's CLIP has none, its CustomTextCLIP has `text.`. */
  readonly prefix: string;
  readonly quickGelu: boolean;
}

export type TextTower = BertTower | ClipTextTower;

type Tensors = Checkpoint['tensors'];
type Shapes = Map<string, readonly number[]>;

/** All published BERTs of base size and above have heads of 64. */
const bertHeadSize = 64;

/** @throws {Error} naming what does not fit the configuration */
export function readTextTower(tensors: Tensors, config: OpenClipConfig): TextTower {
  const { text, embedDim } = config;
  const tower = text.form === 'bert' ? bertOf(tensors, embedDim) : clipTextOf(tensors, config, text.heads);
  checkHeads('text', tower.width, tower.headSize);
  // BERT reads the first of its positions; open_clip would stretch CLIP's table.
  if (text.contextLength > tower.positions || (text.form === 'clip' && text.contextLength < tower.positions)) {
    throw new Error(
      `the configuration says context_length ${text.contextLength} for a table of ${tower.positions} positions`,
    );
  }
  return tower;
}

export const bertEmbeddings = 'text.transformer.embeddings.';
export const bertLayer = (index: number): string => `text.transformer.encoder.layer.${index}.`;

function bertOf(tensors: Tensors, embedding: number): BertTower {
  const [vocabulary, width] = shapeOf(tensors, `${bertEmbeddings}word_embeddings.weight`, 2);
  const [positions] = shapeOf(tensors, `${bertEmbeddings}position_embeddings.weight`, 2);
  const [projection] = shapeOf(tensors, 'text.proj.0.weight', 2);
  const [mlp] = shapeOf(tensors, `${bertLayer(0)}intermediate.dense.weight`, 2);
  const depth = countLayers(tensors, /^text\.transformer\.encoder\.layer\.(\d+)\./);
  return { form: 'bert', width, depth, mlp, headSize: bertHeadSize, vocabulary, positions, projection, embedding };
}

function clipTextOf(
  tensors: Tensors,
  { embedDim: embedding, quickGelu }: OpenClipConfig,
  heads: number,
): ClipTextTower {
  const prefix = tensors.has('text.token_embedding.weight') ? 'text.' : '';
  const [vocabulary, width] = shapeOf(tensors, `${prefix}token_embedding.weight`, 2);
  const [positions] = shapeOf(tensors, `${prefix}positional_embedding`, 2);
  const [mlp] = shapeOf(tensors, `${clipBlock(prefix, 0).widen}.weight`, 2);
  const depth = countLayers(tensors, /^(?:text\.)?transformer\.resblocks\.(\d+)\./);
  const headSize = width / heads;
  if (!Number.isInteger(headSize))
    throw new Error(`its text tower is ${width} wide, which ${heads} heads do not divide`);
  return { form: 'clip', prefix, width, depth, mlp, headSize, vocabulary, positions, embedding, quickGelu };
}

export const clipBlock = (prefix: string, index: number) => residualBlock(`${prefix}transformer.resblocks.${index}.`);

/** Every key with its shape. */
export function addTextShapes(shapes: Shapes, tower: TextTower): void {
  if (tower.form === 'bert') addBertShapes(shapes, tower);
  else addClipShapes(shapes, tower);
}

/** Names as in HF's BertModel. */
function addBertShapes(shapes: Shapes, tower: BertTower): void {
  const { width, mlp } = tower;
  shapes.set(`${bertEmbeddings}word_embeddings.weight`, [tower.vocabulary, width]);
  shapes.set(`${bertEmbeddings}position_embeddings.weight`, [tower.positions, width]);
  shapes.set(`${bertEmbeddings}token_type_embeddings.weight`, [2, width]);
  addNorm(shapes, `${bertEmbeddings}LayerNorm`, width);
  for (let i = 0; i < tower.depth; i++) {
    const layer = bertLayer(i);
    for (const part of ['query', 'key', 'value']) addLinear(shapes, `${layer}attention.self.${part}`, width, width);
    addLinear(shapes, `${layer}attention.output.dense`, width, width);
    addNorm(shapes, `${layer}attention.output.LayerNorm`, width);
    addLinear(shapes, `${layer}intermediate.dense`, mlp, width);
    addLinear(shapes, `${layer}output.dense`, width, mlp);
    addNorm(shapes, `${layer}output.LayerNorm`, width);
  }
  shapes.set('text.proj.0.weight', [tower.projection, width]);
  shapes.set('text.proj.2.weight', [tower.embedding, tower.projection]);
}

/** Names as in TextTransformer (open_clip/transformer.py). */
function addClipShapes(shapes: Shapes, tower: ClipTextTower): void {
  const { prefix, width, mlp } = tower;
  shapes.set(`${prefix}token_embedding.weight`, [tower.vocabulary, width]);
  shapes.set(`${prefix}positional_embedding`, [tower.positions, width]);
  for (let i = 0; i < tower.depth; i++) addBlockShapes(shapes, clipBlock(prefix, i), width, mlp);
  addNorm(shapes, `${prefix}ln_final`, width);
  shapes.set(`${prefix}text_projection`, [width, tower.embedding]);
}
