import sharp from 'sharp';
import type { RawImage } from '../domain/raw-image.js';
import { decodeImage, type DecodeLimits } from './decode.js';

/** Pixels → PNG. */
export async function encodePng({ width, height, data }: RawImage): Promise<Buffer> {
  return sharp(data, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();
}

/** A mask (1 inside) → PNG of one grey channel, white inside. */
export async function encodeMaskPng(mask: {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}): Promise<Buffer> {
  const { width, height, data } = mask;
  const grey = data.map((inside) => 255 * inside);
  return sharp(grey, { raw: { width, height, channels: 1 } })
    .toColourspace('b-w')
    .png()
    .toBuffer();
}

/** Pixels → JPEG, as most published figures are kept. */
export async function encodeJpeg({ width, height, data }: RawImage): Promise<Buffer> {
  return sharp(data, { raw: { width, height, channels: 3 } })
    .jpeg({ quality: 85 })
    .toBuffer();
}

/**
 * A copy to show: longest side at most `size`, never enlarged, orientation applied, without metadata or trailing bytes.
 * @throws {FigseekError} as `decodeImage`
 */
export async function renderThumbnail(
  bytes: Uint8Array,
  size: number,
  limits: DecodeLimits,
): Promise<{ bytes: Uint8Array; contentType: string }> {
  const { image } = await decodeImage(bytes, limits);
  const { width, height, data } = image;
  const resized = await sharp(data, { raw: { width, height, channels: 3 } })
    .resize({ width: size, height: size, fit: 'inside', withoutEnlargement: true })
    .webp({ quality: 88 })
    .toBuffer();
  return { bytes: resized, contentType: 'image/webp' };
}
