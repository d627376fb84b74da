import { oriented, toEightBits, type Channels, type DeepChannels } from '../channels.js';
import { yCbCrToRgb } from '../pixel-conversions.js';
import { damaged } from '../refusals.js';
import { isJpeg, type TiffLayout } from './layout.js';
import { declaredRange, readSamples } from './samples.js';
import { tag, type TiffTags } from './tags.js';
import { isUnpacked } from './unpack.js';

/**
 * Whether libvips reads the page's values as they are. It changes or refuses other kinds of numbers, and leaves a damaged
 * tile black without a word.
 */
export function isReadByVips({ bits, numbers, colors, isTiled, compression }: TiffLayout): boolean {
  if (numbers !== 'unsigned' || (isTiled && isUnpacked(compression))) return false;
  return [1, 2, 4, 8].includes(bits) || (bits === 16 && colors !== 'cmyk');
}

/**
 * How readily libvips has to give up. libtiff goes on after a strip that it cannot read, and leaves it black; damaged tiles
 * are no more than a warning. Those of JPEG are unpacked by libvips itself, which tells.
 */
export function failsOn({ isTiled, compression }: TiffLayout): 'error' | 'warning' {
  return isTiled && !isJpeg(compression) ? 'warning' : 'error';
}

/** The first page of a TIFF that is read here, value by value. */
export async function decodeByValues(bytes: Uint8Array, layout: TiffLayout, tags: TiffTags): Promise<Channels> {
  const { width, height, samples, colors, alpha, isInverted } = layout;
  const numbers = await readSamples(bytes, layout, tags);
  const isIndex = colors === 'palette';
  const deep: DeepChannels = {
    width,
    height,
    numbers,
    count: samples,
    colors: shownColors[colors],
    alpha: isIndex ? 'none' : alpha,
    // An index stays what it is.
    fullScale: isIndex ? 255 : fullScale(layout),
    declared: declaredRange(tags),
    isInverted,
  };
  const channels = toEightBits(deep);
  if (isIndex) return oriented(lookedUp(channels, tags), tags.number(tag.orientation) ?? 1);
  const shown = isPlainYCbCr(layout) ? { ...channels, data: yCbCrToRgb(channels.data) } : channels;
  return oriented(shown, tags.number(tag.orientation) ?? 1);
}

const shownColors = { gray: 'gray', palette: 'gray', rgb: 'rgb', ycbcr: 'rgb', cmyk: 'cmyk' } as const;

function fullScale({ bits, numbers }: TiffLayout): number | null {
  return numbers === 'float' ? null : 2 ** (numbers === 'signed' ? bits - 1 : bits) - 1;
}

/** The colors that indexes stand for: the high byte of each, all reds first. */
function lookedUp(indexes: Channels, tags: TiffTags): Channels {
  const map = tags.numbers(tag.colorMap);
  if (map === undefined) throw damaged('tiff', 'its palette is absent');
  const size = map.length / 3;
  const data = new Uint8Array(indexes.data.length * 3);
  for (const [pixel, index] of indexes.data.entries()) {
    for (let c = 0; c < 3; c++) data[3 * pixel + c] = (map[c * size + index] ?? 0) >> 8;
  }
  return { ...indexes, data, count: 3, colors: 'rgb', range: null };
}

/** Whether the page's brightness and color differences are still to be made red, green and blue. */
export function isPlainYCbCr({ colors, compression }: TiffLayout): boolean {
  return colors === 'ycbcr' && !isJpeg(compression);
}
