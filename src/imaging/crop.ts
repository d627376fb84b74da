import type { RelativeRect } from '../domain/relative-rect.js';
import type { Box } from '../domain/figure.js';
import type { RawImage } from '../domain/raw-image.js';

/** A part of an image; at least one pixel is kept. */
export function crop(image: RawImage, region: RelativeRect): RawImage {
  const left = Math.min(image.width - 1, Math.round(region.x * image.width));
  const top = Math.min(image.height - 1, Math.round(region.y * image.height));
  const width = Math.max(1, Math.min(image.width - left, Math.round(region.width * image.width)));
  const height = Math.max(1, Math.min(image.height - top, Math.round(region.height * image.height)));
  const data = new Uint8Array(width * height * 3);
  for (let row = 0; row < height; row++) {
    const from = ((top + row) * image.width + left) * 3;
    data.set(image.data.subarray(from, from + width * 3), row * width * 3);
  }
  return { width, height, data };
}

/** A part of an image, or the image itself where the box holds all of it. @param box in pixels */
export function cropToBox(image: RawImage, box: Box): RawImage {
  const { width, height } = image;
  if (box.x === 0 && box.y === 0 && box.width === width && box.height === height) return image;
  const region = { x: box.x / width, y: box.y / height, width: box.width / width, height: box.height / height };
  return crop(image, region);
}
