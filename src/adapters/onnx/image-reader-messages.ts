import type { StoredImage } from '../../imaging/stored-image.js';
import type { ErrorCode } from '../../domain/errors.js';
import type { Box } from '../../domain/figure.js';
import type { SegmenterInput } from '../../domain/segmenter.js';
import type { RelativeRect } from '../../imaging/decode.js';
import type { Window } from '../../imaging/windows.js';

/** Its bytes, or where they lie: to send many megabytes to another process holds up the one that sends them. */
export type ImageFile = Uint8Array | { readonly file: string } | StoredImage;

/** What part of an image is meant; without either: all of it. */
export interface ImagePart {
  /** Pixels of the image, after its orientation. */
  readonly box?: Box;
  /** A part of the box, or of the whole image. */
  readonly region?: RelativeRect | null;
}

/** An image made ready for a model. */
interface PixelsWork {
  readonly kind: 'pixels';
  readonly image: ImageFile;
  readonly part: ImagePart;
  /** Side of the square that the model takes. */
  readonly size: number;
  readonly maxPixels: number;
}

/** Whether an image can be read at all: of one that was sent, before it is kept. */
interface CheckWork {
  readonly kind: 'check';
  readonly image: ImageFile;
  readonly maxPixels: number;
}

/** A copy to show. */
interface ThumbnailWork {
  readonly kind: 'thumbnail';
  readonly image: ImageFile;
  /** Its longest side. */
  readonly size: number;
  readonly maxPixels: number;
}

/** Windows of a part of an image, each made ready for a model. */
interface WindowsWork {
  readonly kind: 'windows';
  readonly image: ImageFile;
  readonly box: Box;
  readonly windows: readonly Window[];
  /** Side of the square that the model takes. */
  readonly size: number;
  readonly maxPixels: number;
}

/** A part of an image as a segmenter takes it. */
interface SegmenterWork {
  readonly kind: 'segmenter';
  readonly image: ImageFile;
  readonly box: Box;
  /** Side of the square that the model works on. */
  readonly size: number;
  readonly maxPixels: number;
}

export type ReadWork = PixelsWork | CheckWork | ThumbnailWork | WindowsWork | SegmenterWork;

/** An image file made ready for a model. */
export interface ReadImage {
  /** Of the whole image, after its orientation. */
  readonly width: number;
  readonly height: number;
  /** Whether its orientation exchanged rows and columns. */
  readonly isTransposed: boolean;
  /** Pages or frames in the file; the first one is read. */
  readonly pages: number;
  /** uint8 RGB [size, size, 3] */
  readonly pixels: Uint8Array;
}

export interface CheckedImage extends Pick<ReadImage, 'width' | 'height' | 'pages'> {
  readonly format: string;
}

export interface Thumbnail {
  readonly bytes: Uint8Array;
  readonly contentType: string;
}

/** What each kind of work gives. */
export interface ReadResults {
  readonly pixels: ReadImage;
  readonly check: CheckedImage;
  readonly thumbnail: Thumbnail;
  /** uint8 RGB [size, size, 3] each */
  readonly windows: readonly Uint8Array[];
  readonly segmenter: SegmenterInput;
}

export type ReadAnswer =
  | { readonly kind: 'read'; readonly result: ReadResults[keyof ReadResults] }
  /** By the file: the code and message of a FigseekError. */
  | { readonly kind: 'refused'; readonly code: ErrorCode; readonly message: string };
