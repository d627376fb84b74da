import { addLinear, addNorm } from '../checkpoint/checked-tensors.js';
import type { ValueName } from '../onnx/graph-writer.js';
import type { Layers } from './layers.js';

/** Names of the layers of one block. */
export interface BlockNames {
  readonly norm1: string;
  /** Query, key and value, stacked. */
  readonly qkv: string;
  readonly attended: string;
  readonly norm2: string;
  readonly widen: string;
  readonly narrow: string;
}

/** Layers of a ResidualAttentionBlock (open_clip/transformer.py), of both towers. */
export function residualBlock(name: string): BlockNames {
  return {
    norm1: `${name}ln_1`,
    qkv: `${name}attn.in_proj`,
    attended: `${name}attn.out_proj`,
    norm2: `${name}ln_2`,
    widen: `${name}mlp.c_fc`,
    narrow: `${name}mlp.c_proj`,
  };
}

/** Every key of a block with its shape. */
export function addBlockShapes(
  shapes: Map<string, readonly number[]>,
  block: BlockNames,
  width: number,
  mlp: number,
): void {
  addNorm(shapes, block.norm1, width);
  addLinear(shapes, block.qkv, 3 * width, width);
  addLinear(shapes, block.attended, width, width);
  addNorm(shapes, block.norm2, width);
  addLinear(shapes, block.widen, mlp, width);
  addLinear(shapes, block.narrow, width, mlp);
}

/** What follows the attention: x += attended·W + b; x += narrow(gelu(widen(norm2(x)))) */
export async function afterAttention(
  layers: Layers,
  x: ValueName,
  attended: ValueName,
  names: BlockNames,
  { epsilon, quickGelu }: { readonly epsilon: number; readonly quickGelu: boolean },
): Promise<ValueName> {
  const { graph } = layers;
  const after = graph.op('Add', [x, await layers.linear(attended, names.attended)]);
  const hidden = await layers.linear(await layers.norm(after, names.norm2, epsilon), names.widen);
  const gated = quickGelu ? layers.quickGelu(hidden) : layers.gelu(hidden);
  return graph.op('Add', [after, await layers.linear(gated, names.narrow)]);
}
