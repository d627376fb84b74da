import { z } from 'zod';
import { issuesInWords } from '../../domain/issues.js';
import { only } from '../supported-values.js';

const side = z.number().int().min(64).max(2048);
const threeNumbers = z.tuple([z.number(), z.number(), z.number()]);

/** The side of the square that the detector's own code asks for, whatever the file says (pmc-data-extraction, `build_dab_detr_model`). */
const usualSize = 480;

const schema = z.object({
  do_resize: only(true).default(true),
  do_rescale: only(true).default(true),
  do_normalize: only(true).default(true),
  rescale_factor: z
    .number()
    .refine((value) => Math.abs(value * 255 - 1) < 1e-6, { error: 'expected 1/255' })
    .default(1 / 255),
  /** Pillow's number of its bilinear filter. */
  resample: only(2).default(2),
  image_mean: threeNumbers,
  image_std: threeNumbers.refine((values) => values.every((value) => value > 0), {
    error: 'expected numbers greater than 0',
  }),
  size: z.union(
    [
      z.strictObject({ height: side, width: side }),
      z.strictObject({ shortest_edge: side, longest_edge: z.number().int().positive().optional() }),
    ],
    { error: 'expected {height, width} or {shortest_edge, longest_edge}' },
  ),
});

/** How an image becomes the input of a detector: squashed into a square, then (x/255 - mean) / std. */
export interface DetectorPreparation {
  /** Side of the square. */
  readonly size: number;
  readonly mean: readonly [number, number, number];
  readonly std: readonly [number, number, number];
}

/**
 * `preprocessor_config.json` of a DETR image processor (transformers, image_processing_conditional_detr.py).
 * @throws {Error} naming every field that is not built here
 */
export function parsePreparation(text: string): DetectorPreparation {
  const parsed = schema.safeParse(JSON.parse(text));
  if (!parsed.success) throw new Error(issuesInWords(parsed.error.issues));
  const { size, image_mean: mean, image_std: std } = parsed.data;
  if (!('height' in size)) return { size: usualSize, mean, std };
  if (size.height !== size.width) throw new Error(`size: ${size.width} × ${size.height}; expected a square`);
  return { size: size.height, mean, std };
}
