import { elementCount, type Checkpoint, type CheckpointTensor } from '../checkpoint/tensor.js';
import type { OpenClipConfig } from './open-clip-config.js';

/** Sizes of one dual encoder, read off its tensors and held against its configuration. */
export interface Sizes {
  readonly imageWidth: number;
  readonly imageDepth: number;
  readonly imageMlp: number;
  readonly patch: number;
  /** Patches along one side. */
  readonly grid: number;
  readonly textWidth: number;
  readonly textDepth: number;
  readonly textMlp: number;
  readonly vocabulary: number;
  readonly positions: number;
  readonly projection: number;
  readonly embedding: number;
}

/** Both towers have heads of 64, as all published models of the family. */
export const headSize = 64;

// open_clip drops them; the released file and training copies may hold them (design/biomedclip.md §1).
const unusedKeys = [/^text\.transformer\.embeddings\.position_ids$/, /^text\.transformer\.pooler\./];

/**
 * Checks that a checkpoint is a whole ViT + BERT dual encoder: every tensor there, of the right shape and a real type,
 * and no other.
 * @throws {Error} naming the first key, with both shapes
 */
export function checkStateDict({ tensors }: Checkpoint, config: OpenClipConfig): Sizes {
  const sizes = sizesOf(tensors, config);
  const expected = expectedShapes(sizes);
  for (const [name, shape] of expected) {
    const tensor = tensorNamed(tensors, name);
    if (!tensor.dtype.includes('float')) throw new Error(`${name} has the type ${tensor.dtype}; expected a float type`);
    if (!sameShape(tensor.shape, shape)) {
      throw new Error(`${name} has the shape [${tensor.shape.join(', ')}]; expected [${shape.join(', ')}]`);
    }
  }
  for (const name of tensors.keys()) {
    if (!expected.has(name) && !unusedKeys.some((pattern) => pattern.test(name))) {
      throw new Error(`it holds the unknown key ${name}; expected only those of a ViT + BERT dual encoder`);
    }
  }
  return sizes;
}

/** Reads the values of a checked key. @throws {Error} for NaN or infinity, naming the key */
export async function readFinite({ tensors }: Checkpoint, name: string): Promise<Float32Array> {
  const values = await tensorNamed(tensors, name).read();
  if (isFiniteThroughout(values)) return values;
  const holds = values.some(Number.isNaN) ? 'NaN' : 'an infinite value';
  throw new Error(`${name} holds ${holds}`);
}

/** One pass without a branch: 0 · NaN and 0 · ∞ are NaN, and stay in the sum. */
function isFiniteThroughout(values: Float32Array): boolean {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += 0 * (values[i] ?? 0);
  return sum === 0;
}

type Tensors = Checkpoint['tensors'];

function sizesOf(tensors: Tensors, config: OpenClipConfig): Sizes {
  const [imageWidth, , patch] = shapeOf(tensors, 'visual.trunk.patch_embed.proj.weight', 4);
  const [vocabulary, textWidth] = shapeOf(tensors, 'text.transformer.embeddings.word_embeddings.weight', 2);
  const [positions] = shapeOf(tensors, 'text.transformer.embeddings.position_embeddings.weight', 2);
  const [projection] = shapeOf(tensors, 'text.proj.0.weight', 2);
  const [embedding] = shapeOf(tensors, 'visual.head.proj.weight', 2);
  const [imageMlp] = shapeOf(tensors, 'visual.trunk.blocks.0.mlp.fc1.weight', 2);
  const [textMlp] = shapeOf(tensors, 'text.transformer.encoder.layer.0.intermediate.dense.weight', 2);
  if (embedding !== config.embedDim) {
    throw new Error(
      `the configuration says embed_dim ${config.embedDim} while visual.head.proj.weight gives ${embedding}`,
    );
  }
  if (config.contextLength > positions) {
    throw new Error(
      `the configuration says context_length ${config.contextLength} for a table of ${positions} positions`,
    );
  }
  if (config.imageSize % patch !== 0) {
    throw new Error(`the configuration says image_size ${config.imageSize}, which patches of ${patch} do not divide`);
  }
  for (const [tower, width] of [
    ['image', imageWidth],
    ['text', textWidth],
  ] as const) {
    if (width % headSize !== 0)
      throw new Error(`its ${tower} tower is ${width} wide; expected a multiple of ${headSize}`);
  }
  return {
    imageWidth,
    imageDepth: depthOf(tensors, /^visual\.trunk\.blocks\.(\d+)\./),
    imageMlp,
    patch,
    grid: config.imageSize / patch,
    textWidth,
    textDepth: depthOf(tensors, /^text\.transformer\.encoder\.layer\.(\d+)\./),
    textMlp,
    vocabulary,
    positions,
    projection,
    embedding,
  };
}

function shapeOf(tensors: Tensors, name: string, dimensions: number): readonly [number, number, number] {
  const { shape } = tensorNamed(tensors, name);
  if (shape.length !== dimensions || elementCount(shape) === 0) {
    throw new Error(`${name} has the shape [${shape.join(', ')}]; expected ${dimensions} dimensions`);
  }
  return [shape[0] ?? 0, shape[1] ?? 0, shape[2] ?? 0];
}

function depthOf(tensors: Tensors, pattern: RegExp): number {
  const indices = [...tensors.keys()].flatMap((name) => pattern.exec(name)?.[1] ?? []);
  return new Set(indices).size;
}

function tensorNamed(tensors: Tensors, name: string): CheckpointTensor {
  const tensor = tensors.get(name);
  if (tensor === undefined) throw new Error(`it lacks the key ${name}`);
  return tensor;
}

function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis]);
}

/** Every key with its shape; names as in timm's VisionTransformer and HF's BertModel (design/biomedclip.md §1). */
function expectedShapes(sizes: Sizes): ReadonlyMap<string, readonly number[]> {
  const shapes = new Map<string, readonly number[]>([['logit_scale', []]]);
  addImageShapes(shapes, sizes);
  addTextShapes(shapes, sizes);
  return shapes;
}

function addImageShapes(shapes: Map<string, readonly number[]>, sizes: Sizes): void {
  const { imageWidth: width, imageMlp: mlp, patch } = sizes;
  const trunk = 'visual.trunk.';
  shapes.set(`${trunk}cls_token`, [1, 1, width]);
  shapes.set(`${trunk}pos_embed`, [1, sizes.grid ** 2 + 1, width]);
  shapes.set(`${trunk}patch_embed.proj.weight`, [width, 3, patch, patch]);
  shapes.set(`${trunk}patch_embed.proj.bias`, [width]);
  for (let i = 0; i < sizes.imageDepth; i++) {
    const block = `${trunk}blocks.${i}.`;
    addNorm(shapes, `${block}norm1`, width);
    addLinear(shapes, `${block}attn.qkv`, 3 * width, width);
    addLinear(shapes, `${block}attn.proj`, width, width);
    addNorm(shapes, `${block}norm2`, width);
    addLinear(shapes, `${block}mlp.fc1`, mlp, width);
    addLinear(shapes, `${block}mlp.fc2`, width, mlp);
  }
  addNorm(shapes, `${trunk}norm`, width);
  shapes.set('visual.head.proj.weight', [sizes.embedding, width]);
}

function addTextShapes(shapes: Map<string, readonly number[]>, sizes: Sizes): void {
  const { textWidth: width, textMlp: mlp } = sizes;
  const embeddings = 'text.transformer.embeddings.';
  shapes.set(`${embeddings}word_embeddings.weight`, [sizes.vocabulary, width]);
  shapes.set(`${embeddings}position_embeddings.weight`, [sizes.positions, width]);
  shapes.set(`${embeddings}token_type_embeddings.weight`, [2, width]);
  addNorm(shapes, `${embeddings}LayerNorm`, width);
  for (let i = 0; i < sizes.textDepth; i++) {
    const layer = `text.transformer.encoder.layer.${i}.`;
    for (const part of ['query', 'key', 'value']) addLinear(shapes, `${layer}attention.self.${part}`, width, width);
    addLinear(shapes, `${layer}attention.output.dense`, width, width);
    addNorm(shapes, `${layer}attention.output.LayerNorm`, width);
    addLinear(shapes, `${layer}intermediate.dense`, mlp, width);
    addLinear(shapes, `${layer}output.dense`, width, mlp);
    addNorm(shapes, `${layer}output.LayerNorm`, width);
  }
  shapes.set('text.proj.0.weight', [sizes.projection, width]);
  shapes.set('text.proj.2.weight', [sizes.embedding, sizes.projection]);
}

function addLinear(shapes: Map<string, readonly number[]>, name: string, out: number, into: number): void {
  shapes.set(`${name}.weight`, [out, into]);
  shapes.set(`${name}.bias`, [out]);
}

function addNorm(shapes: Map<string, readonly number[]>, name: string, width: number): void {
  shapes.set(`${name}.weight`, [width]);
  shapes.set(`${name}.bias`, [width]);
}
