import { z } from 'zod';
import { precisions, type Precision } from '../domain/precision.js';

/** A package's folder name, and nothing that could be a path. */
export const packageName = z.string().regex(/^[a-z0-9][a-z0-9._-]{0,63}$/i, {
  error: 'expected a name of letters, digits, “.”, “_” and “-”',
});

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
/** A file of a package, and nothing that could be a path or hide, nor what figseek itself writes there. */
export const fileName = z.string().regex(/^(?!(model|golden)\.json$)[a-z0-9][a-z0-9._-]{0,99}$/i, {
  error: 'expected the name of a file beside model.json',
});
const file = z.strictObject({ file: fileName, bytes: z.number().int(), sha256 });
/** A graph whose weights lie inside has no file of weights. */
const graph = z.strictObject({ graph: file, weights: file.optional() });
const positive = z.number().int().positive();
const threeNumbers = z.tuple([z.number(), z.number(), z.number()]);

/** That a user accepted the terms of a model, and which. */
const consent = z.strictObject({ license: z.string(), at: z.iso.datetime() });

/** What every package says of itself. */
const identity = {
  format: z.literal(1),
  name: packageName,
  /** sha256 over the weights and what decides how they are used: equal versions give equal answers. */
  version: sha256,
  precision: z.enum(precisions),
  mean: threeNumbers,
  std: threeNumbers,
  license: z.string(),
  warning: z.string().nullable(),
  /** Where the weights come from: `repository@commit` of what was pulled. */
  source: z.string(),
  consent: consent.optional(),
};

/** What packages say that take texts. */
const common = {
  ...identity,
  contextLength: z.number().int().min(2),
  image: graph,
  text: graph,
  vocabulary: file,
};

/** How an image becomes the input of a dual encoder, by the names that `model.json` has for it. */
export const resizeNames = {
  'shortest-bicubic-pillow': { resizeMode: 'shortest', interpolation: 'bicubic' },
  'shortest-bilinear-pillow': { resizeMode: 'shortest', interpolation: 'bilinear' },
  'longest-bicubic-pillow': { resizeMode: 'longest', interpolation: 'bicubic' },
  'longest-bilinear-pillow': { resizeMode: 'longest', interpolation: 'bilinear' },
  'squash-bicubic-pillow': { resizeMode: 'squash', interpolation: 'bicubic' },
  'squash-bilinear-pillow': { resizeMode: 'squash', interpolation: 'bilinear' },
} as const;
const resize = z.literal(Object.keys(resizeNames) as (keyof typeof resizeNames)[]);
/** Value of the pixels that `longest` fills; 0 where it is absent. */
const fill = z.number().int().min(0).max(255).optional();

const dualEncoderSchema = z.strictObject({
  ...common,
  kind: z.literal('dual-encoder'),
  dimensions: positive,
  /** sha256 over the float32 values that were imported: the same for every precision of one checkpoint. */
  checkpoint: sha256.optional(),
  /** Floating-point operations of one image: what its speed is measured by. */
  imageOperations: positive.optional(),
  imageSize: positive,
  resize,
  fill,
  /** Where there are merges the tokenizer is CLIP's byte pairs, else WordPiece. */
  merges: file.optional(),
  /** The graph of heat maps, over the weights of `image`; a package from elsewhere may have none. */
  support: z.strictObject({ graph: file, grid: positive }).optional(),
});

const nameOrFile = z.union([fileName, z.looseObject({ file: fileName }).transform((given) => given.file)]);
const nameOrGraph = z.union([fileName, z.looseObject({ graph: nameOrFile }).transform((given) => given.graph)]);

/**
 * What the `model.json` of a dual encoder in ONNX has to say when it is imported: a `model.json` of ours does, and so
 * does a short one that names files alone. Everything else is found out.
 */
export const onnxPairSchema = z.object({
  kind: z.literal('dual-encoder'),
  dimensions: positive,
  contextLength: common.contextLength,
  imageSize: positive.max(2048),
  resize,
  fill,
  mean: threeNumbers,
  std: threeNumbers,
  precision: common.precision.default('fp32'),
  license: z.string().default('unknown'),
  warning: z.string().nullable().default(null),
  source: z.string().optional(),
  image: nameOrGraph,
  text: nameOrGraph,
  vocabulary: nameOrFile,
  merges: nameOrFile.optional(),
  support: z.looseObject({ graph: nameOrFile, grid: positive }).optional(),
});

/** Parameters a and b of the Beta distributions of a mask's mean probability, red, green and blue, each of 0..1. */
const betas = z.array(z.tuple([z.number().positive(), z.number().positive()])).length(4);

/** `target_dist.json` of BiomedParse: image type → object → its four distributions. */
export const statisticsSchema = z.record(z.string(), z.record(z.string(), betas));

const segmenterSchema = z.strictObject({
  ...common,
  kind: z.literal('segmenter'),
  /** Side of the square picture that the model was trained on; any multiple of `sizeMultiple` runs. */
  imageSize: positive,
  sizeMultiple: positive,
  /** Candidate masks of which one is chosen. */
  queries: positive,
  resize: z.literal('padded-square-spline-skimage'),
  decoder: graph,
  merges: file,
  /** Objects that the model was trained on, by image type. */
  prompts: z.record(z.string(), z.array(z.string())),
  statistics: statisticsSchema,
});

const share = z.number().gt(0).lt(1);

const panelDetectorSchema = z.strictObject({
  ...identity,
  kind: z.literal('panel-detector'),
  imageSize: positive,
  resize: z.literal('squash-bilinear-pillow'),
  minScore: share,
  maxOverlap: share,
  detector: graph,
});

/** `model.json` (models/README.md). */
export const manifestSchema = z.discriminatedUnion('kind', [dualEncoderSchema, segmenterSchema, panelDetectorSchema]);

export type DualEncoderManifest = Readonly<z.infer<typeof dualEncoderSchema>>;
export type SegmenterManifest = Readonly<z.infer<typeof segmenterSchema>>;
export type PanelDetectorManifest = Readonly<z.infer<typeof panelDetectorSchema>>;
export type PackageManifest = DualEncoderManifest | SegmenterManifest | PanelDetectorManifest;
export type LicenseAcceptance = Readonly<z.infer<typeof consent>>;
export type PackageFile = Readonly<z.infer<typeof file>>;

/** The name of a package where the user gives none: the precisions of one model lie side by side. */
export function defaultPackageName(model: string, precision: Precision = 'fp32'): string {
  return precision === 'fp32' ? model : `${model}-${precision}`;
}

/** Every file that a package names. */
export function listFiles(manifest: PackageManifest): readonly PackageFile[] {
  const files = graphsOf(manifest).flatMap(({ graph, weights }) => [graph, weights]);
  if (manifest.kind !== 'panel-detector') files.push(manifest.vocabulary, manifest.merges);
  if (manifest.kind === 'dual-encoder') files.push(manifest.support?.graph);
  return files.filter((file) => file !== undefined);
}

function graphsOf(manifest: PackageManifest): readonly z.infer<typeof graph>[] {
  switch (manifest.kind) {
    case 'dual-encoder':
      return [manifest.image, manifest.text];
    case 'segmenter':
      return [manifest.image, manifest.text, manifest.decoder];
    case 'panel-detector':
      return [manifest.detector];
  }
}
