import type { Precision } from '../domain/precision.js';

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
