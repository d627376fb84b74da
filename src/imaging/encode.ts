import sharp from 'sharp';
import type { RawImage } from '../domain/raw-image.js';
import { decodeImage, type DecodeLimits } from './decode.js';

/** Pixels → PNG. */
export async function encodePng({ width, height, data }: RawImage): Promise<Buffer> {
  return sharp(data, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();
}

/** A mask (1 inside) → PNG of one gray channel, white inside. */
export async function encodeMaskPng(mask: {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}): Promise<Buffer> {
  return encodePixelsPng({ ...mask, channels: 1, data: mask.data.map((inside) => 255 * inside) });
}

/** Pixels of one gray channel, or of color with alpha → PNG of the same channels. */
export async function encodePixelsPng(pixels: {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 4;
  readonly data: Uint8Array;
}): Promise<Buffer> {
  const { width, height, channels, data } = pixels;
  return sharp(data, { raw: { width, height, channels } })
    .toColorspace(channels === 1 ? 'b-w' : 'srgb')
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
 * A copy to show: longest side at most `size`, never enlarged, orientation and ICC profile applied, without metadata or
 * trailing bytes.
 * @throws {FigseekError} as `decodeImage`
 */
export async function renderThumbnail(
  bytes: Uint8Array,
  size: number,
  limits: DecodeLimits,
): Promise<{ bytes: Buffer; contentType: string }> {
  const { image } = await decodeImage(bytes, { ...limits, profile: 'applied' });
  const { width, height, data } = image;
  const resized = await sharp(data, { raw: { width, height, channels: 3 } })
    .resize({ width: size, height: size, fit: 'inside', withoutEnlargement: true })
    .webp({ quality: 88 })
    .toBuffer();
  return { bytes: resized, contentType: 'image/webp' };
}
