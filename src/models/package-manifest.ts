import { z } from 'zod';
import { precisions, type Precision } from './onnx/precision.js';

/** A package's folder name, and nothing that could be a path. */
export const packageName = z.string().regex(/^[a-z0-9][a-z0-9._-]{0,63}$/i, {
  error: 'expected a name of letters, digits, “.”, “_” and “-”',
});

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const file = z.strictObject({ file: z.string().regex(/^[a-z_]+\.[a-z]+$/), bytes: z.number().int(), sha256 });
const graph = z.strictObject({ graph: file, weights: file });
const threeNumbers = z.tuple([z.number(), z.number(), z.number()]);

/** That a user accepted the terms of a model, and which. */
const consent = z.strictObject({ license: z.string(), at: z.iso.datetime() });

/** `model.json` of a dual encoder (interfaces.md, “Model packages”). */
export const manifestSchema = z.strictObject({
  format: z.literal(1),
  name: packageName,
  kind: z.literal('dual-encoder'),
  /** sha256 over the weights and what decides how they are used: equal versions give equal vectors. */
  version: sha256,
  precision: z.enum(precisions),
  /** sha256 over the float32 values that were imported: the same for every precision of one checkpoint. */
  checkpoint: sha256.optional(),
  dimensions: z.number().int().positive(),
  contextLength: z.number().int().min(2),
  imageSize: z.number().int().positive(),
  mean: threeNumbers,
  std: threeNumbers,
  resize: z.literal('shortest-bicubic-pillow'),
  license: z.string(),
  warning: z.string().nullable(),
  /** Where the weights come from: `repository@commit` of what was pulled. */
  source: z.string(),
  consent: consent.optional(),
  /** Floating-point operations of one image: what its speed is measured by. */
  imageOperations: z.number().int().positive().optional(),
  image: graph,
  /** The graph of heat maps, over the weights of `image`; a package from elsewhere may have none. */
  support: z.strictObject({ graph: file, grid: z.number().int().positive() }).optional(),
  text: graph,
  vocabulary: file,
});

export type PackageManifest = Readonly<z.infer<typeof manifestSchema>>;
export type Consent = Readonly<z.infer<typeof consent>>;
export type PackageFile = Readonly<z.infer<typeof file>>;

/** The name of a package where the user gives none: the precisions of one model lie side by side. */
export function defaultPackageName(model: string, precision: Precision = 'fp32'): string {
  return precision === 'fp32' ? model : `${model}-${precision}`;
}
