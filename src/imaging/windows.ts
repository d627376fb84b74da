import type { ImageWindow } from '../domain/image-window.js';
import type { RawImage } from '../domain/raw-image.js';
import { crop } from './crop.js';
import { resize } from './resize.js';

/**
 * Cuts windows out of an image. It is made smaller once for each scale, so that a window is a mere cut.
 * @param size side of each window in pixels
 * @returns uint8 RGB [size, size, 3] each, in the order of the windows
 */
export async function cutWindows(
  image: RawImage,
  windows: readonly ImageWindow[],
  size: number,
): Promise<readonly RawImage[]> {
  const shorter = Math.min(image.width, image.height);
  const scaled = new Map<number, RawImage>();
  const cuts: RawImage[] = [];
  for (const { scale, x, y } of windows) {
    const pixelsAcross = size * scale;
    const [width, height] = [image.width, image.height].map((side) => Math.round((side * pixelsAcross) / shorter));
    const whole = scaled.get(scale) ?? (await resize(image, width ?? 1, height ?? 1));
    scaled.set(scale, whole);
    const side = (length: number) => size / length;
    const at = (start: number, length: number) => Math.min(start * pixelsAcross, length - size) / length;
    const region = {
      x: at(x, whole.width),
      y: at(y, whole.height),
      width: side(whole.width),
      height: side(whole.height),
    };
    cuts.push(crop(whole, region));
  }
  return cuts;
}
