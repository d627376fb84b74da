import sharp from 'sharp';
import type { RawImage } from '../domain/raw-image.js';

/** Exactly width × height, by libvips off the main thread: for what need not equal a model's own resize. */
export async function resize({ data, ...from }: RawImage, width: number, height: number): Promise<RawImage> {
  const pixels = await sharp(data, {
    raw: { width: from.width, height: from.height, channels: 3 },
    limitInputPixels: false,
  })
    .resize(width, height, { fit: 'fill', kernel: 'cubic' })
    .raw()
    .toBuffer();
  return { width, height, data: pixels };
}
