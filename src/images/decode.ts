import sharp, { type Metadata, type Sharp } from 'sharp';
import { FigseekError, messageOf } from '../domain/errors.js';
import type { Box } from '../domain/figure.js';
import type { RawImage } from '../domain/raw-image.js';
import { inkToRgb, overWhite, spreadGrey, withoutAlpha } from './pixels.js';

type ImageFormat = 'jpeg' | 'png' | 'tiff' | 'webp' | 'gif';

export interface DecodeLimits {
  /** Most pixels of one image; a larger one is refused by its header, before a pixel is decoded. */
  readonly maxPixels?: number;
}

export interface DecodeOptions extends DecodeLimits {
  /**
   * What becomes of transparency: laid on white, as people see it (the default), or left out, so that what lies under
   * transparent pixels shows, as BiomedParse's own reader does.
   */
  readonly alpha?: 'over-white' | 'left-out';
}

export interface DecodedImage {
  readonly format: ImageFormat;
  /** After EXIF orientation. */
  readonly width: number;
  readonly height: number;
  readonly image: RawImage;
  /** Whether its EXIF orientation exchanged rows and columns. */
  readonly isTurned: boolean;
  /** Pages or frames in the file; the first one is decoded. */
  readonly pages: number;
}

type Alpha = NonNullable<DecodeOptions['alpha']>;

const defaultMaxPixels = 100_000_000;
const secondsForOneImage = 30;
const knownFormats: readonly string[] = ['jpeg', 'png', 'tiff', 'webp', 'gif'];

// libvips reads SVG, PDF and more by default; a hostile file must not reach those loaders.
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({
  operation: ['Jpeg', 'Png', 'Tiff', 'Webp', 'Nsgif'].map((format) => `VipsForeignLoad${format}`),
});
sharp.cache(false);

/** Decodes with one thread a file from now on: for a process that has others like it beside it. */
export function oneThread(): void {
  sharp.concurrency(1);
}

/**
 * Decodes the first page to 8-bit RGB as the models want it: orientation applied, palette and 1-bit turned to RGB
 * first, alpha laid on white (or left out), 16 bits shifted to 8, CMYK as Pillow converts it (design/biomedclip.md §1 and §4).
 * @throws {FigseekError} UNSUPPORTED_MEDIA for what is no image of the five formats, PAYLOAD_TOO_LARGE past the pixel
 *   limit, BAD_USER_INPUT for a damaged file
 */
export async function decodeImage(bytes: Uint8Array, options: DecodeOptions = {}): Promise<DecodedImage> {
  const { maxPixels = defaultMaxPixels, alpha = 'over-white' } = options;
  const metadata = await readHeader(bytes);
  const { format, width, height } = metadata;
  if (!isKnown(format)) {
    throw new FigseekError('UNSUPPORTED_MEDIA', `Expected JPEG, PNG, TIFF, WebP or GIF but received ${format}`);
  }
  if (width * height > maxPixels) {
    throw new FigseekError(
      'PAYLOAD_TOO_LARGE',
      `Expected at most ${maxPixels} pixels but the image has ${width} × ${height}`,
    );
  }
  const image = await decodePixels(bytes, metadata, { maxPixels, alpha }).catch((error: unknown) => {
    throw new FigseekError('BAD_USER_INPUT', `The ${format} file is damaged: ${firstLine(error)}`);
  });
  // 1 to 4 keep rows rows; 5 to 8 turn the picture on its side (EXIF 2.3, tag 274).
  const { orientation = 1 } = metadata;
  const isTurned = orientation >= 5 && orientation <= 8;
  return { format, width: image.width, height: image.height, image, isTurned, pages: metadata.pages ?? 1 };
}

async function readHeader(bytes: Uint8Array): Promise<Metadata> {
  if (bytes.length === 0) throw new FigseekError('BAD_USER_INPUT', 'Expected an image but received an empty file');
  try {
    return await sharp(bytes, { limitInputPixels: false }).metadata();
  } catch (error) {
    throw new FigseekError(
      'UNSUPPORTED_MEDIA',
      `Expected JPEG, PNG, TIFF, WebP or GIF but received something else: ${firstLine(error)}`,
    );
  }
}

async function decodePixels(
  bytes: Uint8Array,
  metadata: Metadata,
  { maxPixels, alpha }: Required<DecodeOptions>,
): Promise<RawImage> {
  const opened = sharp(bytes, { limitInputPixels: maxPixels, failOn: 'truncated', autoOrient: true, page: 0 }).timeout({
    seconds: secondsForOneImage,
  });
  if (metadata.space === 'cmyk') return decodeInk(opened);
  return metadata.depth === 'ushort' ? decodeDeep(opened, alpha) : decodeBytes(opened.toColourspace('srgb'), alpha);
}

async function decodeInk(opened: Sharp): Promise<RawImage> {
  const { data, info } = await opened
    .pipelineColourspace('cmyk')
    .toColourspace('cmyk')
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data: inkToRgb(data) };
}

async function decodeBytes(opened: Sharp, alpha: Alpha): Promise<RawImage> {
  const { data, info } = await opened.raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data: toRgb(data, info.channels, alpha) };
}

/** 16 bits a sample: the high byte. libvips' own conversion would apply a gamma to grey. */
async function decodeDeep(opened: Sharp, alpha: Alpha): Promise<RawImage> {
  const { data, info } = await opened
    .pipelineColourspace('rgb16')
    .toColourspace('rgb16')
    .raw({ depth: 'ushort' })
    .toBuffer({ resolveWithObject: true });
  const samples = new Uint8Array(data.length / 2);
  for (let i = 0; i < samples.length; i++) samples[i] = data[2 * i + 1] ?? 0;
  return { width: info.width, height: info.height, data: toRgb(samples, info.channels, alpha) };
}

function toRgb(samples: Uint8Array, channels: number, alpha: Alpha): Uint8Array {
  const opaque = alpha === 'over-white' ? overWhite : withoutAlpha;
  switch (channels) {
    case 1:
      return spreadGrey(samples);
    case 2:
      return spreadGrey(opaque(samples, 1));
    case 3:
      return samples;
    case 4:
      return opaque(samples, 3);
    default:
      throw new Error(`Expected 1 to 4 channels but the image has ${channels}`);
  }
}

function isKnown(format: string): format is ImageFormat {
  return knownFormats.includes(format);
}

function firstLine(error: unknown): string {
  return messageOf(error).split('\n', 1)[0] ?? '';
}

/** A rectangle: 0..1 of an image's width and height. */
export interface Fractions {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A part of an image; at least one pixel is kept. */
export function cropped(image: RawImage, region: Fractions): RawImage {
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
export function croppedToBox(image: RawImage, box: Box): RawImage {
  const { width, height } = image;
  if (box.x === 0 && box.y === 0 && box.width === width && box.height === height) return image;
  const region = { x: box.x / width, y: box.y / height, width: box.width / width, height: box.height / height };
  return cropped(image, region);
}
