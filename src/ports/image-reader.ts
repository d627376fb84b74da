import type { Box } from '../domain/figure.js';
import type { PanelSplit } from '../domain/found-panel.js';
import type { PictureGuess, PictureLikeness } from '../domain/picture-likeness.js';
import type { ImagePreparation } from '../domain/image-preparation.js';
import type { ImageWindow } from '../domain/image-window.js';
import type { Priority } from '../domain/priority.js';
import type { RelativeRect } from '../domain/relative-rect.js';
import type { SegmenterInput } from '../domain/segmenter.js';
import type { ValueRange } from '../domain/value-range.js';
import type { StoredImage } from '../domain/stored-image.js';

/** Its bytes, or where they lie: to send many megabytes to another process holds up the one that sends them. */
export type ImageFile = Uint8Array | { readonly file: string } | StoredImage;

/** What part of an image is meant; without either: all of it. */
export interface ImagePart {
  /** Pixels of the image, after its orientation. */
  readonly box?: Box;
  /** A part of the box, or of the whole image. */
  readonly region?: RelativeRect | null;
}

/** What is known of an image file that was decoded. */
interface DecodedFile {
  /** Of the whole image, after its orientation. */
  readonly width: number;
  readonly height: number;
  /** Whether its orientation exchanged rows and columns. */
  readonly isTransposed: boolean;
  /** Pages or frames in the file; the first one is read. */
  readonly pages: number;
  /** The values that became black and white, where the file's numbers are not 8-bit; else null. */
  readonly range: ValueRange | null;
}

/** An image file made ready for a model. */
export interface ReadImage extends DecodedFile {
  /** uint8 RGB [size, size, 3] */
  readonly pixels: Uint8Array;
}

/** Parts of one image file made ready for a model. */
export interface ReadParts extends DecodedFile {
  /** uint8 RGB [size, size, 3] each, in the order of the parts that were asked for. */
  readonly parts: readonly Uint8Array[];
}

/** The same, with what each part is known by as a picture: see `signatureToBytes` in src/imaging/pictures. */
export interface SignedParts extends ReadParts {
  readonly signatures: readonly Uint8Array[];
  /** Null where no panels were looked for; those that were found are further parts behind those that were asked for. */
  readonly split: PanelSplit | null;
}

/** A part of a stored image that is compared with others. */
export interface PicturePart {
  readonly image: ImageFile;
  readonly box: Box;
}

export interface ComparedPart extends PicturePart {
  /** Where the picture at hand may lie in this one, best first. */
  readonly guesses: readonly PictureGuess[];
}

export interface CheckedImage extends Pick<DecodedFile, 'width' | 'height' | 'pages'> {
  readonly format: string;
}

export interface Thumbnail {
  readonly bytes: Uint8Array;
  readonly contentType: string;
}

/**
 * Reads image files for models and for people. All methods throw a FigseekError: UNSUPPORTED_MEDIA, PAYLOAD_TOO_LARGE or
 * BAD_USER_INPUT for an image that cannot be taken; RATE_LIMITED; TIMEOUT; MODEL_UNAVAILABLE after the end.
 */
export abstract class ImageReader {
  /** An image, or a part of it, as an encoder takes it. */
  async read(
    image: ImageFile,
    preparation: ImagePreparation,
    priority: Priority,
    part: ImagePart = {},
  ): Promise<ReadImage> {
    const {
      parts: [pixels = new Uint8Array()],
      ...file
    } = await this.readParts(image, preparation, priority, [part]);
    return { ...file, pixels };
  }

  /**
   * Parts of an image as an encoder takes them; the file is decoded once. Of a box that reaches past the image, what lies
   * within is taken.
   */
  abstract readParts(
    image: ImageFile,
    preparation: ImagePreparation,
    priority: Priority,
    parts: readonly ImagePart[],
  ): Promise<ReadParts>;

  /**
   * Parts of an image for an ingest: as `readParts` gives them, each with its signature.
   * @param caption panels are looked for by the letters of this caption, and read too; null: none are looked for
   */
  abstract readSigned(
    image: ImageFile,
    preparation: ImagePreparation,
    parts: readonly ImagePart[],
    caption: string | null,
  ): Promise<SignedParts>;

  /** Signatures of parts of a stored image, for pictures that have none. */
  abstract sign(image: ImageFile, boxes: readonly Box[]): Promise<readonly Uint8Array[]>;

  /**
   * Compares the pixels of a picture with those of others.
   * @returns for each other one what both have in common; null where that is nothing, or where its image cannot be read
   */
  abstract compare(picture: PicturePart, others: readonly ComparedPart[]): Promise<readonly (PictureLikeness | null)[]>;

  /** Decodes an image to see that it can be. */
  abstract check(image: ImageFile): Promise<CheckedImage>;

  /** A copy to show, its longest side at most `size` pixels. */
  abstract thumbnail(image: ImageFile, size: number): Promise<Thumbnail>;

  /** Windows of a part of an image, as an encoder takes them. @returns uint8 RGB [size, size, 3] each */
  abstract readWindows(
    image: ImageFile,
    box: Box,
    windows: readonly ImageWindow[],
    preparation: ImagePreparation,
  ): Promise<readonly Uint8Array[]>;

  /** A part of an image as a segmenter takes it. @param size side of the square that the segmenter works on */
  abstract readForSegmenter(image: ImageFile, box: Box, size: number): Promise<SegmenterInput>;

  /** What waits fails with MODEL_UNAVAILABLE. */
  abstract close(): void;
}
