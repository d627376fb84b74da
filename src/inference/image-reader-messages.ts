import type { ErrorCode } from '../domain/errors.js';
import type { Box } from '../domain/figure.js';
import type { Fractions } from '../images/decode.js';

/** What part of an image is meant; without either: all of it. */
export interface ImagePart {
  /** Pixels of the image, after its orientation. */
  readonly box?: Box;
  /** A part of the box, or of the whole image. */
  readonly region?: Fractions | null;
}

export interface ReadWork {
  /** The image file. */
  readonly bytes: Uint8Array;
  readonly part: ImagePart;
  /** Side of the square that the model takes. */
  readonly size: number;
  readonly maxPixels: number;
}

/** An image file made ready for a model. */
export interface ReadImage {
  /** Of the whole image, after its orientation. */
  readonly width: number;
  readonly height: number;
  /** Whether its orientation exchanged rows and columns. */
  readonly isTurned: boolean;
  /** uint8 RGB [size, size, 3] */
  readonly pixels: Uint8Array;
}

export type ReadAnswer =
  | ({ readonly kind: 'read' } & ReadImage)
  /** By the file: the code and message of a FigseekError. */
  | { readonly kind: 'refused'; readonly code: ErrorCode; readonly message: string };
