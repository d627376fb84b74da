import type { BlobFolder } from '../blobs/blob-folder.js';
import { FigseekError } from '../domain/errors.js';
import type { Box, Panel } from '../domain/figure.js';
import type { ImageHash } from '../domain/ids.js';
import type { RawImage } from '../domain/raw-image.js';
import { croppedToBox, decodeImage } from '../images/decode.js';
import type { FigureReader } from '../store/repositories/figure-reader.js';

/** The pixels of stored panels. */
export class PanelImages {
  constructor(
    private readonly figures: FigureReader,
    private readonly blobs: BlobFolder,
    private readonly maxPixels: number,
  ) {}

  /** @throws {FigseekError} NOT_FOUND where its figure is gone */
  async of(panel: Panel): Promise<RawImage> {
    return this.part(await this.imageHashOf(panel), panel.box);
  }

  /** The image file that the panel is a part of. @throws {FigseekError} NOT_FOUND where its figure is gone */
  async file(panel: Panel): Promise<Uint8Array> {
    return this.blobs.get(await this.imageHashOf(panel));
  }

  /** A part of a stored image. @param box in pixels of the image */
  async part(imageHash: ImageHash, box: Box): Promise<RawImage> {
    const { image } = await decodeImage(await this.blobs.get(imageHash), { maxPixels: this.maxPixels });
    return croppedToBox(image, box);
  }

  private async imageHashOf({ figureId }: Panel): Promise<ImageHash> {
    const figure = await this.figures.figure(figureId);
    if (figure === null) throw new FigseekError('NOT_FOUND', `There is no figure ${figureId}`);
    return figure.imageHash;
  }
}
