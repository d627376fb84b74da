/**
 * How a package keeps its weights and computes with them:
 * - `fp32`: float32 throughout;
 * - `fp16-weights`: kept as float16, widened when loaded, computed in float32;
 * - `fp16`: kept and computed as float16, for GPUs; means, variances and softmax in float32;
 * - `int8`: matrices as 8-bit integers with a scale a column, activations made integers on the way; the rest float32.
 */
export const precisions = ['fp32', 'fp16-weights', 'fp16', 'int8'] as const;
export type Precision = (typeof precisions)[number];

export type FloatType = 'float32' | 'float16';

interface Plan {
  /** How weights that are no matrices lie on disk. */
  readonly floats: FloatType;
  readonly matrices: FloatType | 'int8';
  /** Tables of which a few rows are read: half the space for a rounding of 2⁻¹¹. */
  readonly tables: FloatType;
  /** Of what passes from layer to layer. */
  readonly activations: FloatType;
}

export const plans: Readonly<Record<Precision, Plan>> = {
  fp32: { floats: 'float32', matrices: 'float32', tables: 'float32', activations: 'float32' },
  'fp16-weights': { floats: 'float16', matrices: 'float16', tables: 'float16', activations: 'float32' },
  fp16: { floats: 'float16', matrices: 'float16', tables: 'float16', activations: 'float16' },
  int8: { floats: 'float32', matrices: 'int8', tables: 'float16', activations: 'float32' },
};

/** What an import writes: the weights once more, at the precision of the package. */
export function importBytes(weights: number, precision: Precision = 'fp32'): number {
  return weights * { fp32: 1, 'fp16-weights': 0.5, fp16: 0.5, int8: 0.35 }[precision];
}
