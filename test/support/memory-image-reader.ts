import { findPanels } from '../../src/imaging/panels/find-panels.js';
import { readFile } from 'node:fs/promises';
import { FigseekError } from '../../src/domain/errors.js';
import type { Box } from '../../src/domain/figure.js';
import type { ImagePreparation } from '../../src/domain/image-preparation.js';
import type { ImageWindow } from '../../src/domain/image-window.js';
import type { PictureLikeness } from '../../src/domain/picture-likeness.js';
import type { RawImage } from '../../src/domain/raw-image.js';
import type { SegmenterInput } from '../../src/domain/segmenter.js';
import { crop, cropToBox } from '../../src/imaging/crop.js';
import { judge } from '../../src/imaging/pictures/likeness.js';
import { comparePictures, toCompared } from '../../src/imaging/pictures/picture-comparison.js';
import { signatureToBytes } from '../../src/imaging/pictures/signature-bytes.js';
import { padAndResize } from '../../src/imaging/preprocess/biomedparse-preprocess.js';
import { resize } from '../../src/imaging/resize.js';
import { cutWindows } from '../../src/imaging/windows.js';
import type { BlobStore } from '../../src/ports/blob-store.js';
import {
  ImageReader,
  type CheckedImage,
  type ComparedPart,
  type ImageFile,
  type ImagePart,
  type PicturePart,
  type ReadParts,
  type SignedParts,
  type Thumbnail,
} from '../../src/ports/image-reader.js';

/** The file of an image for a `MemoryImageReader`: its sides, at most 255 pixels, then its values. */
export function rawFile({ width, height, data }: RawImage): Uint8Array {
  return Uint8Array.of(width, height, ...data);
}

/** What it gives of an image to a model. @returns uint8 [size, size, 3] */
export function rawPixels({ data }: RawImage, size: number): Uint8Array {
  return Uint8Array.from({ length: size * size * 3 }, (_, i) => data[i % data.length] ?? 0);
}

/** Reads what `rawFile` writes, in this process. It counts how often it decodes. */
export class MemoryImageReader extends ImageReader {
  decoded = 0;
  private isClosed = false;

  constructor(private readonly blobs: BlobStore) {
    super();
  }

  async readParts(
    image: ImageFile,
    { size }: ImagePreparation,
    _priority: unknown,
    parts: readonly ImagePart[],
  ): Promise<ReadParts> {
    this.decoded += 1;
    const whole = await this.decode(image);
    const { width, height } = whole;
    const pixels = parts.map((part) => rawPixels(partOf(whole, part), size));
    return { width, height, isTransposed: false, pages: 1, range: null, parts: pixels };
  }

  async readSigned(
    image: ImageFile,
    preparation: ImagePreparation,
    parts: readonly ImagePart[],
    caption: string | null,
  ): Promise<SignedParts> {
    const whole = await this.decode(image);
    const split = caption === null ? null : findPanels(whole, caption);
    const all = [...parts, ...(split?.panels ?? [])];
    const read = await this.readParts(image, preparation, 'bulk', all);
    return { ...read, signatures: all.map((part) => signatureOf(partOf(whole, part))), split };
  }

  async sign(image: ImageFile, boxes: readonly Box[]): Promise<readonly Uint8Array[]> {
    const whole = await this.decode(image);
    return boxes.map((box) => signatureOf(cropToBox(whole, box)));
  }

  async compare({ image, box }: PicturePart, others: readonly ComparedPart[]) {
    const picture = await toCompared(cropToBox(await this.decode(image), box));
    return Promise.all(
      others.map(async (part): Promise<PictureLikeness | null> => {
        const whole = await this.decode(part.image).catch(() => null);
        if (whole === null) return null;
        const other = cropToBox(whole, part.box);
        const comparison = await comparePictures(picture, await toCompared(other), part.guesses);
        return comparison === null ? null : judge(comparison, [picture.image, other]);
      }),
    );
  }

  async check(image: ImageFile): Promise<CheckedImage> {
    const { width, height } = await this.decode(image);
    return { width, height, format: 'raw', pages: 1 };
  }

  /** In the form of `rawFile`, too. */
  async thumbnail(image: ImageFile, size: number): Promise<Thumbnail> {
    const whole = await this.decode(image);
    const factor = Math.min(1, size / Math.max(whole.width, whole.height));
    const side = (length: number): number => Math.max(1, Math.round(factor * length));
    return { bytes: rawFile(await resize(whole, side(whole.width), side(whole.height))), contentType: 'image/x-raw' };
  }

  async readWindows(
    image: ImageFile,
    box: Box,
    windows: readonly ImageWindow[],
    { size }: ImagePreparation,
  ): Promise<readonly Uint8Array[]> {
    const cut = await cutWindows(cropToBox(await this.decode(image), box), windows, size);
    return cut.map((window) => rawPixels(window, size));
  }

  async readForSegmenter(image: ImageFile, box: Box, size: number): Promise<SegmenterInput> {
    return padAndResize(cropToBox(await this.decode(image), box), size);
  }

  close(): void {
    this.isClosed = true;
  }

  private async decode(image: ImageFile): Promise<RawImage> {
    if (this.isClosed) throw new FigseekError('MODEL_UNAVAILABLE', 'The reader of images has ended');
    const [width = 0, height = 0, ...data] = await this.bytesOf(image);
    if (width * height === 0 || data.length !== width * height * 3) {
      throw new FigseekError('BAD_USER_INPUT', 'The image is damaged');
    }
    return { width, height, data: Uint8Array.from(data) };
  }

  private bytesOf(image: ImageFile): Promise<Uint8Array> | Uint8Array {
    if (image instanceof Uint8Array) return image;
    return 'hash' in image ? this.blobs.get(image.hash) : readFile(image.file);
  }
}

/** Without features, which take long to find: no picture is found by it. */
function signatureOf({ width, height }: RawImage): Uint8Array {
  return signatureToBytes({ width, height, features: [] });
}

function partOf(image: RawImage, { box, region }: ImagePart): RawImage {
  const boxed = box === undefined ? image : cropToBox(image, box);
  return region == null ? boxed : crop(boxed, region);
}
