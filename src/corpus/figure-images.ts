import { unknownFigure } from '../domain/errors.js';
import type { Viewer } from '../domain/viewer.js';
import { renderingVersion } from '../imaging/rendering-version.js';
import type { FigureStore } from '../ports/figure-store.js';
import type { EncodedImage, ThumbnailStore } from '../ports/thumbnail-store.js';

/** An image of a figure that is there, not made yet. */
interface FigureImage {
  /** Depends on all that its bytes depend on. */
  readonly tag: string;
  /** @throws {FigseekError} as a thumbnail store */
  read(): Promise<EncodedImage>;
}

/** Images of figures for people: always re-encoded copies, so that no metadata and no foreign bytes are given out. */
export class FigureImages {
  constructor(
    private readonly figures: Pick<FigureStore, 'figure'>,
    private readonly thumbnails: ThumbnailStore,
  ) {}

  /**
   * @param size of the longer side in pixels, at most; null for the largest copy that is made
   * @throws {FigseekError} NOT_FOUND
   */
  async find(_viewer: Viewer, figureId: string, size: number | null): Promise<FigureImage> {
    const figure = await this.figures.figure(figureId);
    if (figure === null) throw unknownFigure(figureId);
    const { imageHash } = figure;
    const tag = `${imageHash.slice(0, 32)}-${size ?? 'full'}-${renderingVersion}`;
    return { tag, read: () => this.thumbnails.get(imageHash, size) };
  }
}
