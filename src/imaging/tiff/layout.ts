import { unsupported } from '../refusals.js';
import { tag, type TiffTags } from './tags.js';

/** How a TIFF keeps its first page, and that figseek can read it. */
export interface TiffLayout {
  readonly width: number;
  readonly height: number;
  readonly bits: number;
  readonly numbers: 'unsigned' | 'signed' | 'float';
  readonly samples: number;
  readonly colors: 'gray' | 'rgb' | 'palette' | 'cmyk' | 'ycbcr';
  /** Black is the highest value. */
  readonly isInverted: boolean;
  readonly compression: number;
  /** What the first sample after the colors is. */
  readonly alpha: 'none' | 'straight' | 'premultiplied';
  readonly isTiled: boolean;
}

/** Compressions that libtiff, as it comes with sharp, does not read. */
const unreadCompressions: Readonly<Record<number, string>> = {
  22610: 'JPEG XR',
  33003: 'JPEG 2000',
  33004: 'JPEG 2000',
  33005: 'JPEG 2000',
  33007: 'JPEG 2000',
  34661: 'JBIG',
  34676: 'SGI LogL',
  34677: 'SGI LogLuv',
  34712: 'JPEG 2000',
  34887: 'LERC',
  34892: 'lossy DNG JPEG',
  34925: 'LZMA',
  34926: 'Zstandard',
  34927: 'WebP',
  34933: 'PNG',
  34934: 'JPEG XR',
  50000: 'Zstandard',
  50002: 'JPEG XL',
  52546: 'JPEG XL',
};
const photometrics: Readonly<Record<number, TiffLayout['colors']>> = {
  0: 'gray',
  1: 'gray',
  2: 'rgb',
  3: 'palette',
  5: 'cmyk',
  6: 'ycbcr',
};
const unreadPhotometrics: Readonly<Record<number, string>> = {
  4: 'transparency mask',
  8: 'CIELAB',
  9: 'ICC Lab',
  10: 'ITU Lab',
  32803: 'camera raw (color filter array)',
  32844: 'LogL',
  32845: 'LogLuv',
  34892: 'linear camera raw',
  51177: 'depth map',
};
const numberKinds: Readonly<Record<number, TiffLayout['numbers']>> = {
  1: 'unsigned',
  2: 'signed',
  3: 'float',
  4: 'unsigned',
};

/** @throws {FigseekError} UNSUPPORTED_MEDIA, naming what the file has that is not read */
export function readLayout(tags: TiffTags): TiffLayout {
  const layout = parseLayout(tags);
  validateNumbers(layout);
  validateChannels(layout, tags);
  return layout;
}

function parseLayout(tags: TiffTags): TiffLayout {
  const compression = tags.number(tag.compression) ?? 1;
  const unread = unreadCompressions[compression];
  if (unread !== undefined) {
    throw unsupported(
      `a TIFF with ${unread} compression`,
      'save it with LZW or Deflate compression, or as an 8-bit PNG',
    );
  }
  const photometric = tags.number(tag.photometric) ?? 1;
  const colors = photometrics[photometric];
  if (colors === undefined) {
    const name = unreadPhotometrics[photometric] ?? `photometric interpretation ${photometric}`;
    throw unsupported(`a ${name} TIFF`, 'convert it to an 8-bit RGB or gray PNG');
  }
  const formats = new Set(tags.numbers(tag.sampleFormat) ?? [1]);
  const [format = 1] = formats;
  const numbers = formats.size === 1 ? numberKinds[format] : undefined;
  if (numbers === undefined) throw unsupported(`a TIFF of ${formats.size > 1 ? 'mixed' : 'complex'} numbers`);
  const widths = new Set(tags.numbers(tag.bitsPerSample) ?? [1]);
  const [bits = 1] = widths;
  if (widths.size > 1) throw unsupported(`a TIFF whose channels have ${[...widths].join(' and ')} bits`);
  return {
    width: tags.number(tag.width) ?? 0,
    height: tags.number(tag.height) ?? 0,
    bits,
    numbers,
    samples: tags.number(tag.samplesPerPixel) ?? 1,
    colors,
    isInverted: photometric === 0,
    compression,
    alpha: alphaOf(colors, tags),
    isTiled: tags.numbers(tag.tileOffsets) !== undefined,
  };
}

function alphaOf(colors: TiffLayout['colors'], tags: TiffTags): TiffLayout['alpha'] {
  const extra = tags.numbers(tag.extraSamples);
  // Old writers of RGBA leave the tag out; Pillow reads them so as well.
  if (extra === undefined) return colors === 'rgb' && tags.number(tag.samplesPerPixel) === 4 ? 'straight' : 'none';
  const alphas: Readonly<Record<number, TiffLayout['alpha']>> = { 1: 'premultiplied', 2: 'straight' };
  return alphas[extra[0] ?? 0] ?? 'none';
}

function validateNumbers({ bits, numbers, colors }: TiffLayout): void {
  const isWhole = numbers !== 'float';
  const readable = isWhole ? bits <= 16 || bits === 32 : bits === 16 || bits === 32 || bits === 64;
  if (!readable || bits < 1 || (numbers === 'signed' && bits % 8 !== 0)) {
    throw unsupported(`a TIFF of ${bits}-bit ${numberName(numbers)}`);
  }
  if (colors === 'palette' && bits > 8) throw unsupported(`a TIFF with a palette of ${bits}-bit numbers`);
  if (colors === 'cmyk' && (numbers !== 'unsigned' || (bits !== 8 && bits !== 16))) {
    throw unsupported(`a CMYK TIFF of ${bits}-bit ${numberName(numbers)}`);
  }
  if (colors === 'ycbcr' && (numbers !== 'unsigned' || bits !== 8)) {
    throw unsupported(`a YCbCr TIFF of ${bits}-bit ${numberName(numbers)}`);
  }
}

function numberName(numbers: TiffLayout['numbers']): string {
  return { unsigned: 'unsigned numbers', signed: 'signed numbers', float: 'floating-point numbers' }[numbers];
}

function validateChannels({ colors, samples, alpha, compression }: TiffLayout, tags: TiffTags): void {
  const expected = { gray: 1, palette: 1, rgb: 3, ycbcr: 3, cmyk: 4 }[colors];
  const isStack = (colors === 'gray' || colors === 'palette') && samples > (alpha === 'none' ? 1 : 2);
  if (isStack || samples < expected) {
    const kind = { gray: 'gray', palette: 'palette', rgb: 'RGB', ycbcr: 'YCbCr', cmyk: 'CMYK' }[colors];
    throw unsupported(
      `a ${kind} TIFF of ${samples} channels (expected ${expected}${colors === 'gray' ? ', or 3 as RGB' : ''})`,
      'export one channel, or a composite of them, as an 8-bit PNG',
    );
  }
  if (colors === 'cmyk' && (tags.number(tag.inkSet) ?? 1) !== 1) {
    throw unsupported('a TIFF of inks other than cyan, magenta, yellow and black', 'convert it to an 8-bit RGB PNG');
  }
  const subsampling = tags.numbers(tag.yCbCrSubSampling) ?? [2, 2];
  if (colors === 'ycbcr' && !isJpeg(compression) && subsampling.some((step) => step !== 1)) {
    throw unsupported(`a TIFF of subsampled YCbCr (${subsampling.join(' × ')}) without JPEG compression`);
  }
}

/** JPEG in TIFF, new or old style: libtiff gives RGB for its YCbCr. */
export function isJpeg(compression: number): boolean {
  return compression === 6 || compression === 7;
}
