import { FigseekError } from './errors.js';
import type { Box } from './figure.js';
import { sha256, type ImageHash, type PanelId } from './ids.js';

/** What a mask depends on, and nothing else: equal keys have equal masks. */
export interface MaskKey {
  readonly imageHash: ImageHash;
  /** The panel's, in pixels of the image. */
  readonly box: Box;
  readonly modelVersion: string;
  /** How pictures are made ready and answers read, and the working size in pixels: `preparationOf`. */
  readonly preparation: string;
  /** As `checkedPrompt` gives it. */
  readonly prompt: string;
  /** Whose statistics count, where the prompt alone does not tell; else null. */
  readonly imageType: string | null;
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
  readonly imageType: string | null;
  /** The segmenter's name. */
  readonly model: string;
  /** Whether it is an object of a recognition: pixels that others claim with more right are not in it. */
  readonly isRecognised: boolean;
  /** Null while it is being made. */
  readonly outcome: MaskOutcome | null;
}

/** Raised when pictures are made ready, or answers read, in another way: older masks are then drawn anew. */
export const postprocessVersion = 1;

/** @param imageSize side of the working picture */
export function preprocessKey(imageSize: number): string {
  return `${postprocessVersion}/${imageSize}`;
}

const maxPromptLength = 500;
/** As <|endoftext|>: text towers take the literal for the mark, and would read the prompt's sense at it. */
const mark = /<\|\s*\w+\s*\|>/;

/**
 * A prompt in the form that names a mask: the tokenizer reads it in lower case and takes any space for one.
 * @throws {FigseekError} BAD_USER_INPUT for an empty or too long one, or one with a special token
 */
export function validatePrompt(prompt: string): string {
  const plain = plainPrompt(prompt);
  const [found] = mark.exec(plain) ?? [];
  if (found !== undefined) {
    throw new FigseekError('BAD_USER_INPUT', `Expected words but received ${found}, which models read as a mark`);
  }
  if (plain !== '' && plain.length <= maxPromptLength) return plain;
  const expected = `a prompt of 1 to ${maxPromptLength} characters`;
  throw new FigseekError('BAD_USER_INPUT', `Expected ${expected} but received ${plain.length}`);
}

/** A prompt as a person wrote it, without further blanks: what is shown to who asked. */
export function writtenPrompt(text: string): string {
  return text.trim().replace(/\s+/g, ' ');
}

/** Upper and lower case and the number of spaces do not count. */
export function plainPrompt(text: string): string {
  return writtenPrompt(text).toLowerCase();
}

export function maskHashOf({ imageHash, box, modelVersion, preparation, prompt, imageType }: MaskKey): string {
  const { x, y, width, height } = box;
  const parts = [imageHash, x, y, width, height, modelVersion, preparation, prompt];
  // Masks that were drawn before there were image types keep their hash.
  return sha256(JSON.stringify(imageType === null ? parts : [...parts, imageType])).slice(0, 24);
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
