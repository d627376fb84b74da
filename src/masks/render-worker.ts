/** A worker thread that turns run lengths into pixels: 8192 × 8192 of them take a second, and 270 MB in color. */
import { maskPixels, type MaskPixels } from '../imaging/masks/mask-pixels.js';
import { runTaskLoop, type TaskResult } from '../platform/task-messages.js';
import type { RenderWork } from './render-thread.js';

runTaskLoop(({ rle, style }: RenderWork): TaskResult<MaskPixels> => {
  const result = maskPixels(rle, style);
  return { result, transfer: [result.data.buffer] };
});
