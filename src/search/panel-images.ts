import type { BlobFolder } from '../blobs/blob-folder.js';
import { FigseekError } from '../domain/errors.js';
import type { Box, Panel } from '../domain/figure.js';
import type { ImageHash } from '../domain/ids.js';
import type { RawImage } from '../domain/raw-image.js';
import { cropped, decodeImage } from '../images/decode.js';
import type { FigureReader } from '../store/repositories/figure-reader.js';

/** The pixels of stored panels. */
export class PanelImages {
  constructor(
    private readonly figures: FigureReader,
    private readonly blobs: BlobFolder,
    private readonly maxPixels: number,
  ) {}

  /** @throws {FigseekError} NOT_FOUND where its figure is gone */
  async of({ figureId, box }: Panel): Promise<RawImage> {
    const figure = await this.figures.figure(figureId);
    if (figure === null) throw new FigseekError('NOT_FOUND', `There is no figure ${figureId}`);
    return this.part(figure.imageHash, box);
  }

  /** A part of a stored image. @param box in pixels of the image */
  async part(imageHash: ImageHash, box: Box): Promise<RawImage> {
    const { image } = await decodeImage(await this.blobs.get(imageHash), { maxPixels: this.maxPixels });
    const { width, height } = image;
    const isWhole = box.x === 0 && box.y === 0 && box.width === width && box.height === height;
    if (isWhole) return image;
    return cropped(image, {
      x: box.x / width,
      y: box.y / height,
      width: box.width / width,
      height: box.height / height,
    });
  }
}
