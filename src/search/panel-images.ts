import type { BlobFolder } from '../blobs/blob-folder.js';
import { FigseekError } from '../domain/errors.js';
import type { Panel } from '../domain/figure.js';
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
    const { image } = await decodeImage(await this.blobs.get(figure.imageHash), { maxPixels: this.maxPixels });
    const { width, height } = figure;
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
