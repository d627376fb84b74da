import { FigseekError } from '../../src/domain/errors.js';
import type { ImagePreparation } from '../../src/domain/image-preparation.js';
import type { RawImage } from '../../src/domain/raw-image.js';
import { cropToBox } from '../../src/imaging/crop.js';
import type { BlobStore } from '../../src/ports/blob-store.js';
import {
  ImageReader,
  type ImageFile,
  type ImagePart,
  type ReadParts,
  type SignedParts,
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
    const [width = 0, height = 0, ...data] = await this.bytesOf(image);
    if (data.length !== width * height * 3) throw new FigseekError('BAD_USER_INPUT', 'The image is damaged');
    const whole = { width, height, data: Uint8Array.from(data) };
    const pixels = parts.map(({ box }) => rawPixels(box === undefined ? whole : cropToBox(whole, box), size));
    return { width, height, isTransposed: false, pages: 1, parts: pixels };
  }

  async readSigned(image: ImageFile, preparation: ImagePreparation, parts: readonly ImagePart[]): Promise<SignedParts> {
    // Without signatures: images of at most 255 pixels of drawn values show nothing.
    return { ...(await this.readParts(image, preparation, 'bulk', parts)), signatures: [] };
  }

  sign = absent;
  compare = absent;
  check = absent;
  thumbnail = absent;
  readWindows = absent;
  readForSegmenter = absent;

  close(): void {
    // There is no process to end.
  }

  private bytesOf(image: ImageFile): Promise<Uint8Array> {
    if (image instanceof Uint8Array) return Promise.resolve(image);
    return 'hash' in image ? this.blobs.get(image.hash) : absent();
  }
}

function absent(): never {
  throw new Error('only parts of images are read');
}
