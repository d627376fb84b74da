import { FigseekError } from '../../domain/errors.js';
import type { RawImage } from '../../domain/raw-image.js';
import type { Placement, SegmenterInput } from '../../domain/segmenter.js';
import { splineResize } from './biomedparse-spline-resize.js';

/** The padded square takes 11 bytes a pixel, 740 MB at this side; a strip of 20,000 pixels would take 4 GB. */
const maxSide = 8192;

/**
 * Where a picture lies in its padded square: half of the difference, rounded down, on both short sides, so that an odd
 * difference leaves the square one pixel short (inference_utils/processing_utils.py, read_rgb).
 */
export function computePlacement({ width, height }: { readonly width: number; readonly height: number }): Placement {
  const left = Math.floor(Math.max(height - width, 0) / 2);
  const top = Math.floor(Math.max(width - height, 0) / 2);
  return { width, height, left, top, paddedWidth: width + 2 * left, paddedHeight: height + 2 * top };
}

/** Zeros around a picture. @returns uint8 RGB [paddedHeight, paddedWidth, 3] */
export function pad(image: RawImage, placement: Placement): RawImage {
  const { paddedWidth: width, paddedHeight: height, left, top } = placement;
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < image.height; y++) {
    const row = image.data.subarray(y * image.width * 3, (y + 1) * image.width * 3);
    data.set(row, ((y + top) * width + left) * 3);
  }
  return { width, height, data };
}

/**
 * A picture padded to a square and resized as BiomedParse was trained: uint8 RGB [size, size, 3].
 * @throws {FigseekError} UNSUPPORTED_MEDIA for a picture whose square would be too large
 */
export function padAndResize(image: RawImage, size: number): SegmenterInput {
  const { width, height } = image;
  if (Math.max(width, height) > maxSide) {
    const expected = `a picture of at most ${maxSide} pixels a side, as it is padded to a square`;
    throw new FigseekError('UNSUPPORTED_MEDIA', `Expected ${expected}, but received ${width} × ${height}`);
  }
  const placement = computePlacement(image);
  return { pixels: splineResize(pad(image, placement), size), size, placement };
}
