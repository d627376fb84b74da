/** A worker thread that makes pixels of run lengths: 8192 × 8192 of them take a second, and 270 MB with a colour. */
import { maskPixels, type MaskLook, type MaskPixels } from '../imaging/masks/mask-pixels.js';
import type { RunLength } from '../imaging/masks/run-length.js';
import { serveTasks, type Finished } from '../platform/task-messages.js';

export interface PictureWork {
  readonly rle: RunLength;
  readonly look: MaskLook;
}

serveTasks(({ rle, look }: PictureWork): Finished<MaskPixels> => {
  const result = maskPixels(rle, look);
  return { result, transfer: [result.data.buffer] };
});
