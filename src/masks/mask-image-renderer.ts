import { LRUCache } from 'lru-cache';
import { FigseekError } from '../domain/errors.js';
import { encodePixelsPng } from '../imaging/encode.js';
import type { MaskStyle } from '../imaging/masks/mask-pixels.js';
import type { MaskStore } from '../ports/mask-store.js';
import type { Masks } from './masks.js';
import { RenderThread, type MaskRasterizer } from './render-thread.js';
import type { Viewer } from '../domain/viewer.js';

const cacheBytes = 64 * 2 ** 20;
const maxWaiting = 100;

/** An image of a mask that exists; its bytes are made when they are read. */
export interface MaskImage {
  /** Names all that the bytes depend on. */
  readonly tag: string;
  /** @throws {FigseekError} RATE_LIMITED, and as `MaskRasterizer` */
  png(): Promise<Buffer>;
}

/** Masks as PNG, made one after the other and kept in a cache of 64 MiB. */
export class MaskImageRenderer {
  private readonly cache = new LRUCache<string, Buffer>({
    maxSize: cacheBytes,
    sizeCalculation: ({ length }) => length,
  });
  private readonly pending = new Map<string, Promise<Buffer>>();
  private last: Promise<unknown> = Promise.resolve();

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
    return { tag, png: () => this.png(hash, style, tag) };
  }

  close(): Promise<void> {
    return this.rasterizer.close();
  }

  private async png(hash: string, style: MaskStyle, tag: string): Promise<Buffer> {
    const cached = this.cache.get(tag);
    if (cached !== undefined) return cached;
    const pending = this.pending.get(tag);
    if (pending !== undefined) return pending;
    if (this.pending.size >= maxWaiting) {
      throw new FigseekError('RATE_LIMITED', `${maxWaiting} pictures of masks wait to be made; try again in a moment`);
    }
    const running = this.renderInTurn(hash, style, tag);
    this.pending.set(tag, running);
    return running;
  }

  /** One at a time, as each holds its pixels in memory until they are compressed. */
  private async renderInTurn(hash: string, style: MaskStyle, tag: string): Promise<Buffer> {
    const rendered = this.last.then(() => this.render(hash, style));
    this.last = rendered.catch(() => undefined);
    try {
      const png = await rendered;
      this.cache.set(tag, png);
      return png;
    } finally {
      this.pending.delete(tag);
    }
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
