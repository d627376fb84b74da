import type { RawImage } from '../../domain/raw-image.js';
import { resize } from '../resize.js';

/** The picture with its longest side at `side`. */
export function resizedTo(image: RawImage, side: number): Promise<RawImage> {
  const scale = side / Math.max(image.width, image.height);
  const [width, height] = [image.width, image.height].map((length) => Math.max(1, Math.round(length * scale)));
  return resize(image, width ?? 1, height ?? 1);
}
