import type { PictureLikeness } from '../../domain/picture-likeness.js';
import type { ImagePreparation } from '../../domain/image-preparation.js';
import type { ImageWindow } from '../../domain/image-window.js';
import type {
  CheckedImage,
  ComparedPart,
  ImageFile,
  ImagePart,
  ReadParts,
  SignedParts,
  Thumbnail,
} from '../../ports/image-reader.js';
import type { ErrorCode } from '../../domain/errors.js';
import type { Box } from '../../domain/figure.js';
import type { SegmenterInput } from '../../domain/segmenter.js';

/** Parts of an image, each made ready for a model. */
interface PartsWork {
  readonly kind: 'parts';
  readonly image: ImageFile;
  readonly parts: readonly ImagePart[];
  readonly preparation: ImagePreparation;
  readonly maxPixels: number;
}

/** The same with signatures, and with panels that are found. */
interface SignedWork extends Omit<PartsWork, 'kind'> {
  readonly kind: 'signed';
  /** Panels are looked for by its letters; null: none are looked for. */
  readonly caption: string | null;
}

/** Signatures of parts of an image. */
interface SignWork {
  readonly kind: 'sign';
  readonly image: ImageFile;
  readonly boxes: readonly Box[];
  readonly maxPixels: number;
}

/** A part of an image beside parts of others. */
interface CompareWork {
  readonly kind: 'compare';
  readonly image: ImageFile;
  readonly box: Box;
  readonly others: readonly ComparedPart[];
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
  readonly windows: readonly ImageWindow[];
  readonly preparation: ImagePreparation;
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

export type ReadWork =
  SignedWork | SignWork | CompareWork | PartsWork | CheckWork | ThumbnailWork | WindowsWork | SegmenterWork;

/** What each kind of work gives. */
export interface ReadResults {
  readonly parts: ReadParts;
  readonly signed: SignedParts;
  readonly sign: readonly Uint8Array[];
  readonly compare: readonly (PictureLikeness | null)[];
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
