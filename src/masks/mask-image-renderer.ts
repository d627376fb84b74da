import { FigseekError } from '../domain/errors.js';
import { encodePixelsPng } from '../imaging/encode.js';
import type { MaskStyle } from '../imaging/masks/mask-pixels.js';
import { RenderedImages } from '../platform/rendered-images.js';
import type { MaskStore } from '../ports/mask-store.js';
import type { Masks } from './masks.js';
import { RenderThread, type MaskRasterizer } from './render-thread.js';
import type { Viewer } from '../domain/viewer.js';

const maxWaiting = 100;

/** An image of a mask that exists; its bytes are made when they are read. */
export interface MaskImage {
  /** Names all that the bytes depend on. */
  readonly tag: string;
  /** @throws {FigseekError} RATE_LIMITED, and as `MaskRasterizer` */
  png(): Promise<Buffer>;
}

/** Masks as PNG, made one after the other and cached. */
export class MaskImageRenderer {
  /** One at a time, as each holds its pixels in memory until they are compressed. */
  private readonly images = new RenderedImages({
    concurrency: 1,
    maxPending: maxWaiting,
    refusal: `${maxWaiting} pictures of masks wait to be made; try again in a moment`,
  });

  constructor(
    private readonly masks: Pick<Masks, 'find'>,
    private readonly store: Pick<MaskStore, 'runLengths'>,
    private readonly rasterizer: MaskRasterizer = new RenderThread(),
  ) {}

  /** @throws {FigseekError} NOT_FOUND where there is no mask with this id that is READY */
  async find(viewer: Viewer, id: string, style: MaskStyle): Promise<MaskImage> {
    const mask = await this.masks.find(viewer, id);
    if (mask?.outcome?.status !== 'READY') throw notFound(id);
    const { hash } = mask;
    const tag = [hash, style.color ?? 'gray', style.size ?? 'full'].join('-');
    return { tag, png: () => this.images.get(tag, () => this.render(hash, style)) };
  }

  close(): Promise<void> {
    return this.rasterizer.close();
  }

  private async render(hash: string, style: MaskStyle): Promise<Buffer> {
    const rle = await this.store.runLengths(hash);
    if (rle === null) throw notFound(hash);
    return encodePixelsPng(await this.rasterizer.rasterize(rle, style));
  }
}

function notFound(id: string): FigseekError {
  return new FigseekError('NOT_FOUND', `There is no drawn mask ${id.slice(0, 80)}`);
}
