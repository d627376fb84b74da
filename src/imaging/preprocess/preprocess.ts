import type { RawImage } from '../../domain/raw-image.js';
import { resampling, resampler } from './resample.js';

/**
 * open_clip's transform for this family: shortest side to `size` by Pillow's antialiased bicubic, long side truncated,
 * center crop with the offset rounded half to even. Equal to Pillow in every value.
 * @returns uint8 RGB [size, size, 3]
 */
export function resizeAndCrop(image: RawImage, size: number): Uint8Array {
  const { width, height } = image;
  // Of the right size already: at scale 1 the kernel gives each value back.
  if (width === size && height === size) return image.data;
  const shortest = Math.min(width, height);
  const newWidth = width === shortest ? size : Math.trunc((size * width) / shortest);
  const newHeight = height === shortest ? size : Math.trunc((size * height) / shortest);
  const left = halfToEven((newWidth - size) / 2);
  const top = halfToEven((newHeight - size) / 2);
  // Only what the crop keeps is computed: a strip of 60 × 8000 would cost twenty times as much otherwise.
  const columns = resampling(width, newWidth, left, size);
  const rows = resampling(height, newHeight, top, size);
  const passes = resampler();
  return passes.rows(passes.columns(image, columns, rows), rows);
}

/** Python's round. */
function halfToEven(value: number): number {
  const floor = Math.floor(value);
  if (value - floor !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}
