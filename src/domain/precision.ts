/**
 * How a package keeps its weights and computes with them:
 * - `fp32`: float32 throughout;
 * - `fp16-weights`: kept as float16, widened when loaded, computed in float32;
 * - `fp16`: kept and computed as float16, for GPUs; means, variances and softmax in float32;
 * - `int8`: matrices as 8-bit integers with a scale a column, activations made integers on the way; the rest float32.
 */
export const precisions = ['fp32', 'fp16-weights', 'fp16', 'int8'] as const;
export type Precision = (typeof precisions)[number];
