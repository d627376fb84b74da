import { FigseekError } from '../domain/errors.js';
import type { EncodedImage } from '../ports/thumbnail-store.js';

/** A figure as a report shows it. */
export interface ShownFigure {
  readonly key: string;
  readonly caption: string;
  /** Null where its image cannot be read. */
  readonly picture: EncodedImage | null;
}

/** A question whose right figure did not come first. */
export interface ShownFailure {
  /** What kind of question it is. */
  readonly kind: string;
  /** The text, or the change of the image. */
  readonly asked: string;
  /** The changed copy that was asked with; null for a text. */
  readonly askedPicture: EncodedImage | null;
  /** Of the first right figure; null where it is not among those that were ranked. */
  readonly rank: number | null;
  /** How many figures are right. */
  readonly wanted: number;
  readonly expected: ShownFigure | null;
  readonly first: ShownFigure | null;
}

/** Of the longer side, in pixels. */
export const shownSize = 240;

/** @returns null for an image that cannot be read */
export async function readable<Made>(making: Promise<Made>): Promise<Made | null> {
  try {
    return await making;
  } catch (error) {
    if (error instanceof FigseekError) return null;
    throw error;
  }
}
