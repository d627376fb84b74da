import { FigseekError } from './errors.js';
import type { Box } from './figure.js';
import { sha256, type ImageHash, type PanelId } from './ids.js';

/** What a mask depends on, and nothing else: equal keys have equal masks. */
export interface MaskKey {
  readonly imageHash: ImageHash;
  /** The panel's, in pixels of the image. */
  readonly box: Box;
  readonly modelVersion: string;
  /** How images are prepared and outputs are read, with the side of the model's input: the result of `preprocessKey`. */
  readonly preparation: string;
  /** The result of `validatePrompt`. */
  readonly prompt: string;
  /** The image type whose statistics give the p-value; null where the prompt alone decides that. */
  readonly imageType: string | null;
}

/** The measures of a mask. Boxes and polygons are in pixels of the image that the panel is a part of. */
export interface MaskMeasures {
  /** False where the mask is empty or the p-value is below 0.05; null where there is no p-value. */
  readonly found: boolean | null;
  readonly pValue: number | null;
  readonly similarity: number;
  readonly areaPixels: number;
  /** Of the panel, 0..1. */
  readonly areaFraction: number;
  /** Of the connected parts, the largest first. */
  readonly boxes: readonly Box[];
}

/** The pixels of a mask, as run lengths and as polygons. They may be large and are read only on request. */
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
  /** Whether it is an object of a detection: pixels that belong to other objects are not in it. */
  readonly isDetected: boolean;
  /** Null while it is being made. */
  readonly outcome: MaskOutcome | null;
}

/** Raised when images are prepared, or outputs are read, in another way: older masks are then made again. */
export const postprocessVersion = 1;

/** @param imageSize side of the model's input in pixels */
export function preprocessKey(imageSize: number): string {
  return `${postprocessVersion}/${imageSize}`;
}

/** Whether a mask was made as masks are made now, with any side of the model's input. @param preparation its `preprocessKey` */
export function isCurrentPreparation(preparation: string): boolean {
  return preparation.startsWith(`${postprocessVersion}/`);
}

const maxPromptLength = 500;
/** A special token, for example <|endoftext|>: a text encoder would take its embedding at this place for that of the prompt. */
const specialToken = /<\|\s*\w+\s*\|>/;

/**
 * A prompt in the form under which masks are stored: the tokenizer reads lower case and treats all white space alike.
 * @throws {FigseekError} BAD_USER_INPUT for an empty or too long one, or one with a special token
 */
export function validatePrompt(prompt: string): string {
  const plain = plainPrompt(prompt);
  const [found] = specialToken.exec(plain) ?? [];
  if (found !== undefined) {
    throw new FigseekError('BAD_USER_INPUT', `Expected words but received ${found}, which models read as a mark`);
  }
  if (plain !== '' && plain.length <= maxPromptLength) return plain;
  const expected = `a prompt of 1 to ${maxPromptLength} characters`;
  throw new FigseekError('BAD_USER_INPUT', `Expected ${expected} but received ${plain.length}`);
}

/** A prompt with its upper and lower case as given and single spaces: this is shown to the person who wrote it. */
export function writtenPrompt(text: string): string {
  return text.trim().replace(/\s+/g, ' ');
}

/** A prompt in lower case with single spaces. */
export function plainPrompt(text: string): string {
  return writtenPrompt(text).toLowerCase();
}

/** The name under which a mask is stored: 24 hexadecimal digits. */
export function hashMaskKey({ imageHash, box, modelVersion, preparation, prompt, imageType }: MaskKey): string {
  const { x, y, width, height } = box;
  const parts = [imageHash, x, y, width, height, modelVersion, preparation, prompt];
  // Without an image type the hash is that of versions that did not know image types.
  return sha256(JSON.stringify(imageType === null ? parts : [...parts, imageType])).slice(0, 24);
}

/** The id of a mask on one panel: several panels with the same image share a stored mask. */
export function formatMaskId(hash: string, panelId: PanelId): string {
  return `msk_${hash}_${panelId.replace(/^pan_/, '')}`;
}

/** @returns null where the text is not the id of a mask */
export function parseMaskId(id: string): { readonly hash: string; readonly panelId: PanelId } | null {
  const [, hash, panel] = /^msk_([0-9a-f]{24})_([0-9a-f]+_\d+)$/.exec(id) ?? [];
  return hash === undefined || panel === undefined ? null : { hash, panelId: `pan_${panel}` as PanelId };
}
