import { FigseekError } from './errors.js';
import type { Box } from './figure.js';
import { sha256, type ImageHash, type PanelId } from './ids.js';

/** What a mask depends on, and nothing else: equal keys have equal masks. */
export interface MaskKey {
  readonly imageHash: ImageHash;
  /** The panel's, in pixels of the image. */
  readonly box: Box;
  readonly modelVersion: string;
  /** How pictures are made ready and answers read, and the working size in pixels. */
  readonly preparation: string;
  /** As `checkedPrompt` gives it. */
  readonly prompt: string;
}

/** A drawn mask in numbers. Boxes and polygons are in pixels of the image, of which the panel is a part. */
export interface MaskMeasures {
  /** False where the mask is empty or the p-value is below 0.05; null where nothing tells. */
  readonly found: boolean | null;
  readonly pValue: number | null;
  readonly similarity: number;
  readonly areaPixels: number;
  /** Of the panel, 0..1. */
  readonly areaFraction: number;
  /** Of the connected parts, the largest first. */
  readonly boxes: readonly Box[];
}

/** Its form, which may be large and is read only where it is asked for. */
export interface MaskShape {
  /** [height, width] of the panel and COCO's compressed run lengths. */
  readonly rle: { readonly size: readonly [number, number]; readonly counts: string };
  /** Outer rings and holes; each ring closed, its points [x, y]. */
  readonly polygons: readonly (readonly (readonly [number, number])[])[];
}

export type DrawnMask = MaskMeasures & MaskShape;

export type MaskOutcome =
  | { readonly status: 'READY'; readonly measures: MaskMeasures }
  | { readonly status: 'FAILED'; readonly error: string; readonly at: Date };

/** A mask of a panel. */
export interface Mask {
  readonly id: string;
  readonly hash: string;
  readonly panelId: PanelId;
  readonly prompt: string;
  /** The segmenter's name. */
  readonly model: string;
  /** Null while it is being made. */
  readonly outcome: MaskOutcome | null;
}

const longestPrompt = 500;

/**
 * A prompt in the form that names a mask: the tokenizer reads it in lower case and takes any space for one.
 * @throws {FigseekError} BAD_USER_INPUT for an empty or too long one
 */
export function checkedPrompt(prompt: string): string {
  const plain = plainPrompt(prompt);
  if (plain !== '' && plain.length <= longestPrompt) return plain;
  const expected = `a prompt of 1 to ${longestPrompt} characters`;
  throw new FigseekError('BAD_USER_INPUT', `Expected ${expected} but received ${plain.length}`);
}

/** Upper and lower case and the number of spaces do not count. */
export function plainPrompt(text: string): string {
  return text.trim().replace(/\s+/g, ' ').toLowerCase();
}

export function maskHashOf({ imageHash, box, modelVersion, preparation, prompt }: MaskKey): string {
  const { x, y, width, height } = box;
  return sha256(JSON.stringify([imageHash, x, y, width, height, modelVersion, preparation, prompt])).slice(0, 24);
}

/** The mask and the panel: figures of one picture share a mask, and yet each mask has its panel. */
export function maskIdOf(hash: string, panelId: PanelId): string {
  return `msk_${hash}_${panelId.replace(/^pan_/, '')}`;
}

/** @returns null for what is no id of a mask */
export function maskParts(id: string): { readonly hash: string; readonly panelId: PanelId } | null {
  const [, hash, panel] = /^msk_([0-9a-f]{24})_([0-9a-f]+_\d+)$/.exec(id) ?? [];
  return hash === undefined || panel === undefined ? null : { hash, panelId: `pan_${panel}` as PanelId };
}
