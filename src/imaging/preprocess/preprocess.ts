import type { ImagePreparation } from '../../domain/image-preparation.js';
import type { RawImage } from '../../domain/raw-image.js';
import { resampler, resampling, type Resampling } from './resample.js';

/**
 * An image as a dual encoder takes it: open_clip's transform without its normalization (src/open_clip/transform.py,
 * `image_transform` with `is_train` false). Equal to Pillow in every value.
 * @returns uint8 RGB [size, size, 3]
 */
export function prepareImage(image: RawImage, preparation: ImagePreparation): Uint8Array {
  const { size, resizeMode } = preparation;
  const { width, height, data } = image;
  // Of the right size already: at scale 1 a filter gives each value back.
  if (width === size && height === size) return data;
  switch (resizeMode) {
    case 'shortest':
      return resizeAndCrop(image, preparation);
    case 'longest':
      return resizeAndFill(image, preparation);
    case 'squash':
      return resizeTo(image, size, size, preparation);
  }
}

/** The longer side is truncated, and the offset of the crop rounded half to even. */
function resizeAndCrop(image: RawImage, { size, interpolation }: ImagePreparation): Uint8Array {
  const { width, height } = image;
  const shortest = Math.min(width, height);
  const newWidth = width === shortest ? size : Math.trunc((size * width) / shortest);
  const newHeight = height === shortest ? size : Math.trunc((size * height) / shortest);
  // Only what the crop keeps is computed: a strip of 60 × 8000 would cost twenty times as much otherwise.
  const kept = { length: size, interpolation };
  const columns = resampling(width, newWidth, { ...kept, offset: roundHalfToEven((newWidth - size) / 2) });
  const rows = resampling(height, newHeight, { ...kept, offset: roundHalfToEven((newHeight - size) / 2) });
  return resample(image, columns, rows);
}

/** The shorter side is rounded half to even, at least one pixel; what is filled is one pixel less before an odd rest. */
function resizeAndFill(image: RawImage, preparation: ImagePreparation): Uint8Array {
  const { size, fill } = preparation;
  const ratio = Math.max(image.width, image.height) / size;
  const [width = 1, height = 1] = [image.width, image.height].map((side) => Math.max(1, roundHalfToEven(side / ratio)));
  const resized = resizeTo(image, width, height, preparation);
  const filled = new Uint8Array(size * size * 3).fill(fill);
  const left = Math.floor((size - width) / 2);
  const top = Math.floor((size - height) / 2);
  for (let row = 0; row < height; row++) {
    filled.set(resized.subarray(row * width * 3, (row + 1) * width * 3), ((top + row) * size + left) * 3);
  }
  return filled;
}

function resizeTo(image: RawImage, width: number, height: number, { interpolation }: ImagePreparation): Uint8Array {
  const columns = resampling(image.width, width, { offset: 0, length: width, interpolation });
  const rows = resampling(image.height, height, { offset: 0, length: height, interpolation });
  return resample(image, columns, rows);
}

function resample(image: RawImage, columns: Resampling, rows: Resampling): Uint8Array {
  const passes = resampler();
  return passes.rows(passes.columns(image, columns, rows), rows);
}

/** Python's round. */
function roundHalfToEven(value: number): number {
  const floor = Math.floor(value);
  if (value - floor !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}
