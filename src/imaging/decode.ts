import sharp, { type Sharp } from 'sharp';
import { FigseekError, messageOf } from '../domain/errors.js';
import type { RawImage } from '../domain/raw-image.js';
import { toEightBits, toRgb, type Alpha, type Channels } from './channels.js';
import { colorManaged } from './color-managed.js';
import { readHeader, type Header, type ImageFormat } from './header.js';
import { yCbCrToRgb } from './pixel-conversions.js';
import { readPngFacts } from './png-chunks.js';
import { damaged, firstLineOf, unsupported } from './refusals.js';
import { decodeByValues, failsOn, isPlainYCbCr } from './tiff/decode-tiff.js';
import type { TiffLayout } from './tiff/layout.js';
import { declaredRange } from './tiff/samples.js';
import type { Bounds, ValueRange } from './value-range.js';

export { crop, cropToBox } from './crop.js';

export interface DecodeLimits {
  /** Most pixels of one image; a larger one is refused by its header, before a pixel is decoded. */
  readonly maxPixels?: number;
}

export interface DecodeOptions extends DecodeLimits {
  /**
   * What becomes of transparency: laid on white, as people see it (the default), or left out, so that what lies under
   * transparent pixels shows, as BiomedParse's own reader does.
   */
  readonly alpha?: Alpha;
  /** What becomes of an ICC profile: ignored, as the models' own readers do (the default), or applied, for people. */
  readonly profile?: 'ignored' | 'applied';
}

export interface DecodedImage {
  readonly format: ImageFormat;
  /** After EXIF orientation. */
  readonly width: number;
  readonly height: number;
  readonly image: RawImage;
  /** Whether its EXIF orientation exchanged rows and columns. */
  readonly isTransposed: boolean;
  /** Pages or frames in the file; the first one is decoded. */
  readonly pages: number;
  /** The values that became black and white, where the file's numbers are not 8-bit; else null. */
  readonly range: ValueRange | null;
}

const defaultMaxPixels = 100_000_000;
const secondsForOneImage = 30;
// libvips reads SVG, PDF and more by default; a hostile file must not reach those loaders.
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({
  operation: ['Jpeg', 'Png', 'Tiff', 'Webp', 'Nsgif', 'Heif'].map((format) => `VipsForeignLoad${format}`),
});
sharp.cache(false);

/** Decodes with one thread a file from now on: for a process that has others like it beside it. */
export function oneThread(): void {
  sharp.concurrency(1);
}

/**
 * Decodes the first page to 8-bit RGB as the models want it (docs/preprocessing.md): orientation applied, palette and 1-bit
 * turned to RGB first, alpha laid on white (or left out), other numbers brought to 8 bits by `rangeOf`, CMYK as Pillow
 * converts it, an ICC profile ignored (or applied).
 * @throws {FigseekError} UNSUPPORTED_MEDIA for what is no image of these formats, or of a kind that is not read;
 *   PAYLOAD_TOO_LARGE past the pixel limit; BAD_USER_INPUT for a damaged file
 */
export async function decodeImage(bytes: Uint8Array, options: DecodeOptions = {}): Promise<DecodedImage> {
  const { maxPixels = defaultMaxPixels, alpha = 'over-white', profile = 'ignored' } = options;
  const header = await readHeader(bytes);
  const { format, width, height, orientation, pages } = header;
  if (width * height > maxPixels) {
    throw new FigseekError(
      'PAYLOAD_TOO_LARGE',
      `Expected at most ${maxPixels} pixels but the image has ${width} × ${height}`,
    );
  }
  const opened = sharp(bytes, {
    limitInputPixels: maxPixels,
    failOn: header.tiff === null ? 'truncated' : failsOn(header.tiff.layout),
    autoOrient: true,
    page: header.metadata?.pagePrimary ?? 0,
    ignoreIcc: true,
  }).timeout({ seconds: secondsForOneImage });
  const channels = await decodeChannels(opened, bytes, header).catch((error: unknown) => {
    if (error instanceof FigseekError) throw error;
    throw unreadCompression(error) ?? damaged(format, firstLineOf(error));
  });
  const stored = toRgb(channels, alpha);
  const image = profile === 'applied' ? await withProfile(bytes, { header, channels, stored }) : stored;
  // 1 to 4 keep rows rows; 5 to 8 turn the picture on its side (EXIF 2.3, tag 274).
  const isTransposed = orientation >= 5 && orientation <= 8;
  return { format, width: image.width, height: image.height, image, isTransposed, pages, range: channels.range };
}

async function decodeChannels(opened: Sharp, bytes: Uint8Array, { metadata, tiff }: Header): Promise<Channels> {
  if (metadata === null) {
    if (tiff === null) throw new TypeError('Only a TIFF is read without libvips');
    return decodeByValues(bytes, tiff.layout, tiff.tags);
  }
  // libvips divides premultiplied colors itself.
  const alpha = tiff?.layout.alpha === 'premultiplied' ? 'straight' : (tiff?.layout.alpha ?? null);
  if (metadata.space === 'cmyk') return decodeInk(opened, alpha);
  if (metadata.depth === 'ushort') {
    const bits = readPngFacts(bytes)?.significantBits ?? null;
    const told = bits === null ? null : { low: 0, high: 2 ** bits - 1 };
    return decodeDeep(opened, {
      alpha,
      declared: tiff === null ? told : declaredRange(tiff.tags),
      isInverted: tiff?.layout.isInverted ?? false,
    });
  }
  const channels = await decodeBytes(opened, alpha);
  return tiff !== null && isPlainYCbCr(tiff.layout) ? { ...channels, data: yCbCrToRgb(channels.data) } : channels;
}

type TiffAlpha = TiffLayout['alpha'] | null;

async function decodeInk(opened: Sharp, alpha: TiffAlpha): Promise<Channels> {
  const { data, info } = await opened
    .pipelineColorspace('cmyk')
    .toColorspace('cmyk')
    .raw()
    .toBuffer({ resolveWithObject: true });
  const { width, height, channels: count } = info;
  return { width, height, data: plainBytes(data), count, colors: 'cmyk', alpha: alpha ?? 'none', range: null };
}

async function decodeBytes(opened: Sharp, alpha: TiffAlpha): Promise<Channels> {
  const { data, info } = await opened
    .toColorspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  const { width, height, channels: count } = info;
  return { width, height, data: plainBytes(data), count, ...colorsOf(count, alpha), range: null };
}

/** 16 bits a sample. libvips' own conversion to 8 would apply a gamma to gray. */
async function decodeDeep(
  opened: Sharp,
  { alpha, declared, isInverted }: { alpha: TiffAlpha; declared: Bounds | null; isInverted: boolean },
): Promise<Channels> {
  const { data, info } = await opened
    .pipelineColorspace('rgb16')
    .toColorspace('rgb16')
    .raw({ depth: 'ushort' })
    .toBuffer({ resolveWithObject: true });
  const { width, height, channels: count } = info;
  const given = new Uint16Array(Uint8Array.from(data).buffer);
  // libvips has turned these; their range is that of the numbers in the file.
  const numbers = isInverted ? given.map((value) => 65_535 - value) : given;
  const kind = { fullScale: 65_535, declared, isInverted };
  return toEightBits({ width, height, numbers, count, ...colorsOf(count, alpha), ...kind });
}

/** Not a Buffer: its `slice` does not copy. */
function plainBytes(data: Buffer): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.length);
}

/** Outside of TIFF, a second or fourth channel is transparency. */
function colorsOf(count: number, alpha: TiffAlpha): Pick<Channels, 'colors' | 'alpha'> {
  const colors = count < 3 ? 'gray' : 'rgb';
  return { colors, alpha: alpha ?? (count === 2 || count === 4 ? 'straight' : 'none') };
}

/** What libtiff says of a compression that it was built without. */
function unreadCompression(error: unknown): FigseekError | null {
  const [, name] = /(\S+) compression support is not configured/.exec(messageOf(error)) ?? [];
  const [, number] = /Compression scheme (\d+) \w+ decoding is not implemented/.exec(messageOf(error)) ?? [];
  const which = name ?? number;
  return which === undefined ? null : unsupported(`a TIFF with compression ${which}`);
}

async function withProfile(
  bytes: Uint8Array,
  { header, channels, stored }: { header: Header; channels: Channels; stored: RawImage },
): Promise<RawImage> {
  const { profile } = header;
  // A stretched range has no colors that a profile could mean.
  const isStretched = channels.range !== null && channels.range.high !== 65_535;
  if (profile === null || isStretched) return stored;
  if (channels.colors !== 'cmyk') return colorManaged(stored, profile);
  if (channels.count !== 4) return stored;
  const shown = await sharp(bytes, {
    limitInputPixels: false,
    failOn: 'truncated',
    autoOrient: true,
    page: header.metadata?.pagePrimary ?? 0,
  })
    .timeout({ seconds: secondsForOneImage })
    .toColorspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true })
    // A profile that cannot be applied leaves the colors as they were read.
    .catch(() => null);
  if (shown?.info.channels !== 3) return stored;
  return { width: shown.info.width, height: shown.info.height, data: shown.data };
}
