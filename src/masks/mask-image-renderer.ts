import { LRUCache } from 'lru-cache';
import { FigseekError } from '../domain/errors.js';
import { encodePixelsPng } from '../imaging/encode.js';
import type { MaskRepository } from '../adapters/sqlite/mask.repository.js';
import type { MaskStyle, MaskPixels } from '../imaging/masks/mask-pixels.js';
import type { Masks } from './masks.js';
import type { RenderWork } from './render-worker.js';
import { WorkerThread } from '../platform/worker-thread.js';

const colour = /^#?[0-9a-f]{6}$/i;
const defaultColour = 'ffd400';
const cacheBytes = 64 * 2 ** 20;
const maxWaiting = 100;
const maxTaskMs = 60_000;

/** A colour as it stands in addresses. @throws {FigseekError} BAD_USER_INPUT */
export function parseColor(text: string | null | undefined): string {
  if (text == null) return defaultColour;
  if (colour.test(text)) return text.replace('#', '').toLowerCase();
  throw new FigseekError('BAD_USER_INPUT', `Expected a colour as e6194b but received ${text.slice(0, 20)}`);
}

/** A picture of a mask that is there, not made yet. */
export interface MaskImage {
  /** Tells all that its bytes depend on. */
  readonly tag: string;
  /** @throws {FigseekError} RATE_LIMITED, and as a task thread */
  png(): Promise<Buffer>;
}

/** Drawn masks as PNG: made one after the other on a thread of their own, and kept. */
export class MaskImageRenderer {
  private readonly kept = new LRUCache<string, Buffer>({
    maxSize: cacheBytes,
    sizeCalculation: ({ length }) => length,
  });
  private readonly underWay = new Map<string, Promise<Buffer>>();
  private last: Promise<unknown> = Promise.resolve();
  private readonly thread = new WorkerThread<RenderWork, MaskPixels>({
    entry: new URL('./render-worker.js', import.meta.url),
    purpose: 'shows masks',
    timeoutMs: maxTaskMs,
  });

  constructor(
    private readonly masks: Pick<Masks, 'find'>,
    private readonly store: Pick<MaskRepository, 'runLengths'>,
  ) {}

  /** @throws {FigseekError} NOT_FOUND where there is no drawn mask */
  async find(id: string, look: MaskStyle): Promise<MaskImage> {
    const mask = await this.masks.find(id);
    if (mask?.outcome?.status !== 'READY') throw notFound(id);
    const { hash } = mask;
    const tag = [hash, look.colour ?? 'grey', look.size ?? 'full'].join('-');
    return { tag, png: () => this.png(hash, look, tag) };
  }

  close(): Promise<void> {
    return this.thread.close();
  }

  private async png(hash: string, look: MaskStyle, tag: string): Promise<Buffer> {
    const made = this.kept.get(tag);
    if (made !== undefined) return made;
    const running = this.underWay.get(tag) ?? this.inTurn(hash, look, tag);
    this.underWay.set(tag, running);
    return running;
  }

  /** One at a time: each holds its pixels until they are compressed. */
  private async inTurn(hash: string, look: MaskStyle, tag: string): Promise<Buffer> {
    if (this.underWay.size >= maxWaiting) {
      throw new FigseekError('RATE_LIMITED', `${maxWaiting} pictures of masks wait to be made; try again in a moment`);
    }
    const made = this.last.then(() => this.make(hash, look));
    this.last = made.catch(() => undefined);
    try {
      const png = await made;
      this.kept.set(tag, png);
      return png;
    } finally {
      this.underWay.delete(tag);
    }
  }

  private async make(hash: string, look: MaskStyle): Promise<Buffer> {
    const rle = await this.store.runLengths(hash);
    if (rle === null) throw notFound(hash);
    return encodePixelsPng(await this.thread.ask({ rle, look }));
  }
}

function notFound(id: string): FigseekError {
  return new FigseekError('NOT_FOUND', `There is no drawn mask ${id.slice(0, 80)}`);
}
