import type { MaskPixels, MaskStyle } from '../imaging/masks/mask-pixels.js';
import type { RunLength } from '../imaging/masks/run-length.js';
import { WorkerThread } from '../platform/worker-thread.js';

/** Turns run lengths into pixels. */
export interface MaskRasterizer {
  /** @throws {FigseekError} TIMEOUT, MODEL_UNAVAILABLE with the reason */
  rasterize(rle: RunLength, style: MaskStyle): Promise<MaskPixels>;
  close(): Promise<void>;
}

/** What the thread is sent. */
export interface RenderWork {
  readonly rle: RunLength;
  readonly style: MaskStyle;
}

const maxTaskMs = 60_000;

/** Turns run lengths into pixels on a thread of its own, which starts with the first mask. */
export class RenderThread implements MaskRasterizer {
  private readonly thread = new WorkerThread<RenderWork, MaskPixels>({
    entry: new URL('./render-worker.js', import.meta.url),
    purpose: 'shows masks',
    timeoutMs: maxTaskMs,
  });

  rasterize(rle: RunLength, style: MaskStyle): Promise<MaskPixels> {
    return this.thread.ask({ rle, style });
  }

  close(): Promise<void> {
    return this.thread.close();
  }
}
