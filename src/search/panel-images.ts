import type { BlobFolder } from '../adapters/files/blob-folder.js';
import type { StoredImage } from '../imaging/stored-image.js';
import { FigseekError } from '../domain/errors.js';
import type { Panel } from '../domain/figure.js';
import type { FigureReader } from '../adapters/sqlite/figure-reader.js';

/** The image files of stored panels. */
export class PanelImages {
  constructor(
    private readonly figures: FigureReader,
    private readonly blobs: BlobFolder,
  ) {}

  /** The image file that the panel is a part of. @throws {FigseekError} NOT_FOUND where its figure is gone */
  async file({ figureId }: Panel): Promise<StoredImage> {
    const figure = await this.figures.figure(figureId);
    if (figure === null) throw new FigseekError('NOT_FOUND', `There is no figure ${figureId}`);
    return this.blobs.fileOf(figure.imageHash);
  }
}
