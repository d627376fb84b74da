import { FigseekError } from '../domain/errors.js';
import type { Panel } from '../domain/figure.js';
import type { FigureStore } from '../ports/figure-store.js';
import type { StoredImage } from '../domain/stored-image.js';
import type { BlobStore } from '../ports/blob-store.js';

/** The image files of stored panels. */
export class PanelImages {
  constructor(
    private readonly figures: FigureStore,
    private readonly blobs: BlobStore,
  ) {}

  /** The image file that the panel is a part of. @throws {FigseekError} NOT_FOUND where its figure is gone */
  async file({ figureId }: Panel): Promise<StoredImage> {
    const figure = await this.figures.figure(figureId);
    if (figure === null) throw new FigseekError('NOT_FOUND', `There is no figure ${figureId}`);
    return this.blobs.fileOf(figure.imageHash);
  }
}
