import { elementCount, type Checkpoint, type CheckpointTensor, type Dtype } from './tensor.js';

type Tensors = Checkpoint['tensors'];
type Shape = readonly number[];

/** What a family of models expects of a state dict. */
export interface Expectation {
  /** For messages: “a ViT + BERT dual encoder”. */
  readonly family: string;
  /** Every key that is read, with its shape. */
  readonly shapes: ReadonlyMap<string, Shape>;
  /** Element types that are taken; the others are refused by name. */
  readonly dtypes: readonly Dtype[];
  /** Keys that may be there and are not read. */
  readonly unused: readonly RegExp[];
}

/**
 * Checks that a checkpoint is whole: every tensor there, of the right shape and type, and no other.
 * @throws {Error} naming the first key, with both shapes
 */
export function checkTensors({ tensors }: Checkpoint, { family, shapes, dtypes, unused }: Expectation): void {
  for (const [name, shape] of shapes) {
    const tensor = tensorNamed(tensors, name);
    if (!dtypes.includes(tensor.dtype)) {
      throw new Error(`${name} has the type ${tensor.dtype}; expected one of ${dtypes.join(', ')}`);
    }
    if (!sameShape(tensor.shape, shape)) {
      throw new Error(`${name} has the shape [${tensor.shape.join(', ')}]; expected [${shape.join(', ')}]`);
    }
  }
  for (const name of tensors.keys()) {
    if (!shapes.has(name) && !unused.some((pattern) => pattern.test(name))) {
      throw new Error(`it holds the unknown key ${name}; expected only those of ${family}`);
    }
  }
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

/** The shape of a key, of which sizes are read off. @throws {Error} it is absent, empty or of other dimensions */
export function shapeOf(tensors: Tensors, name: string, dimensions: number): readonly [number, number, number] {
  const { shape } = tensorNamed(tensors, name);
  if (shape.length !== dimensions || elementCount(shape) === 0) {
    throw new Error(`${name} has the shape [${shape.join(', ')}]; expected ${dimensions} dimensions`);
  }
  return [shape[0] ?? 0, shape[1] ?? 0, shape[2] ?? 0];
}

/** How many layers the names count; the pattern's first group is the number of a layer. */
export function countLayers(tensors: Tensors, pattern: RegExp): number {
  const indices = [...tensors.keys()].flatMap((name) => pattern.exec(name)?.[1] ?? []);
  return new Set(indices).size;
}

/** A layer's key of its weight or bias; torch's MultiheadAttention alone has `in_proj_weight` and `in_proj_bias`. */
export function tensorKey(layer: string, part: 'weight' | 'bias'): string {
  return layer.endsWith('in_proj') ? `${layer}_${part}` : `${layer}.${part}`;
}

export function addLinear(shapes: Map<string, Shape>, name: string, out: number, into: number): void {
  shapes.set(tensorKey(name, 'weight'), [out, into]);
  shapes.set(tensorKey(name, 'bias'), [out]);
}

export function addNorm(shapes: Map<string, Shape>, name: string, width: number): void {
  shapes.set(`${name}.weight`, [width]);
  shapes.set(`${name}.bias`, [width]);
}

function tensorNamed(tensors: Tensors, name: string): CheckpointTensor {
  const tensor = tensors.get(name);
  if (tensor === undefined) throw new Error(`it lacks the key ${name}`);
  return tensor;
}

function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis]);
}
