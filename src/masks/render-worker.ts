/** A worker thread that makes pixels of run lengths: 8192 × 8192 of them take a second, and 270 MB with a colour. */
import { maskPixels, type MaskStyle, type MaskPixels } from '../imaging/masks/mask-pixels.js';
import type { RunLength } from '../imaging/masks/run-length.js';
import { runTaskLoop, type TaskResult } from '../platform/task-messages.js';

export interface RenderWork {
  readonly rle: RunLength;
  readonly look: MaskStyle;
}

runTaskLoop(({ rle, look }: RenderWork): TaskResult<MaskPixels> => {
  const result = maskPixels(rle, look);
  return { result, transfer: [result.data.buffer] };
});
