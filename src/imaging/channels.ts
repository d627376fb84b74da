import type { RawImage } from '../domain/raw-image.js';
import { cmykToRgb, flattenOnWhite, grayToRgb, unmultiplied, dropAlpha } from './pixel-conversions.js';
import { chooseRange, toBytes, type Bounds, type Numbers, type ValueRange } from './value-range.js';

export type Alpha = 'over-white' | 'left-out';

/** 8-bit channels as a file has them: its colors, then perhaps transparency, then perhaps others that are not shown. */
export interface Channels {
  readonly width: number;
  readonly height: number;
  /** Interleaved. */
  readonly data: Uint8Array;
  readonly count: number;
  readonly colors: 'gray' | 'rgb' | 'cmyk';
  readonly alpha: 'none' | 'straight' | 'premultiplied';
  /** Where the file's numbers are not 8-bit: those that became black and white. */
  readonly range: ValueRange | null;
}

const colorCounts = { gray: 1, rgb: 3, cmyk: 4 } as const;

/** What the file shows, in RGB. */
export function toRgb(channels: Channels, rule: Alpha): RawImage {
  const { width, height, colors } = channels;
  // Ink has to become light before it can be laid on a page.
  const { alpha } = channels;
  const count = colorCounts[colors];
  const kept = kept8(channels, count + (alpha === 'none' ? 0 : 1));
  if (colors === 'cmyk') {
    const light = cmykToRgb(alpha === 'none' ? kept : pick(kept, { samples: 5, from: 0, count: 4 }));
    if (alpha === 'none') return { width, height, data: light };
    const masks = pick(kept, { samples: 5, from: 4, count: 1 });
    return { width, height, data: blended(joined(light, masks), { alpha, rule, count: 3 }) };
  }
  const opaque = alpha === 'none' ? kept : blended(kept, { alpha, rule, count: colors === 'gray' ? 1 : 3 });
  return { width, height, data: colors === 'gray' ? grayToRgb(opaque) : opaque };
}

function kept8({ data, count }: Channels, wanted: number): Uint8Array {
  return wanted === count ? data : pick(data, { samples: count, from: 0, count: wanted });
}

function blended(
  samples: Uint8Array,
  { alpha, rule, count }: { alpha: Channels['alpha']; rule: Alpha; count: 1 | 3 },
): Uint8Array {
  const straight = alpha === 'premultiplied' ? unmultiplied(samples, count) : samples;
  return rule === 'over-white' ? flattenOnWhite(straight, count) : dropAlpha(straight, count);
}

function joined(rgb: Uint8Array, masks: Uint8Array): Uint8Array {
  const out = new Uint8Array(masks.length * 4);
  for (const [pixel, mask] of masks.entries()) {
    out.set(rgb.subarray(3 * pixel, 3 * pixel + 3), 4 * pixel);
    out[4 * pixel + 3] = mask;
  }
  return out;
}

/** Some neighboring channels of interleaved ones. */
export function pick<Kind extends Numbers>(
  numbers: Kind,
  { samples, from, count }: { readonly samples: number; readonly from: number; readonly count: number },
): Kind {
  const pixels = Math.floor(numbers.length / samples);
  const picked = numbers.slice(0, pixels * count) as Kind;
  for (let pixel = 0; pixel < pixels; pixel++) {
    for (let c = 0; c < count; c++) picked[pixel * count + c] = numbers[pixel * samples + from + c] ?? 0;
  }
  return picked;
}

/** Numbers of another kind than 8 bits, and what is known of their range. */
export interface DeepChannels {
  readonly width: number;
  readonly height: number;
  readonly numbers: Numbers;
  readonly count: number;
  readonly colors: Channels['colors'];
  readonly alpha: Channels['alpha'];
  /** Highest number of the kind; null for floating point. */
  readonly fullScale: number | null;
  readonly declared: Bounds | null;
  /** Black is the highest value. */
  readonly isInverted: boolean;
}

/** Numbers of another kind than 8 bits → 8 bits by `rangeOf`; ink and transparency by their kind's full scale. */
export function toEightBits(deep: DeepChannels): Channels {
  const { width, height, numbers, count: samples, colors, alpha, fullScale, declared } = deep;
  const colorCount = colorCounts[colors];
  const values = samples === colorCount ? numbers : pick(numbers, { samples, from: 0, count: colorCount });
  const whole: Bounds = { low: 0, high: fullScale ?? 1 };
  const isPlain = colors === 'cmyk' || numbers instanceof Uint8Array;
  const range: ValueRange = isPlain ? { ...whole, by: 'type' } : chooseRange(values, { fullScale, declared });
  const shown = toBytes(values, range);
  const upright = deep.isInverted ? shown.map((value) => 255 - value) : shown;
  const data =
    alpha === 'none'
      ? upright
      : withMask(upright, toBytes(pick(numbers, { samples, from: colorCount, count: 1 }), whole));
  const isEightBit = numbers instanceof Uint8Array;
  return {
    width,
    height,
    data,
    count: data.length / (width * height),
    colors,
    alpha,
    range: isEightBit ? null : range,
  };
}

function withMask(colors: Uint8Array, masks: Uint8Array): Uint8Array {
  const count = colors.length / masks.length;
  const out = new Uint8Array(colors.length + masks.length);
  for (const [pixel, mask] of masks.entries()) {
    out.set(colors.subarray(count * pixel, count * (pixel + 1)), (count + 1) * pixel);
    out[(count + 1) * pixel + count] = mask;
  }
  return out;
}

/** Turns and mirrors as EXIF's orientation says (tag 274: 1 is upright, 5 to 8 exchange rows and columns). */
export function oriented(channels: Channels, orientation: number): Channels {
  if (orientation < 2 || orientation > 8) return channels;
  const { width, height, data, count } = channels;
  const isTransposed = orientation >= 5;
  const [across, down] = isTransposed ? [height, width] : [width, height];
  const isMirrored = [2, 3, 7, 8].includes(orientation);
  const isUpsideDown = [3, 4, 6, 7].includes(orientation);
  const out = new Uint8Array(data.length);
  for (let y = 0; y < down; y++) {
    for (let x = 0; x < across; x++) {
      const [u, v] = isTransposed ? [y, x] : [x, y];
      const column = isMirrored ? width - 1 - u : u;
      const row = isUpsideDown ? height - 1 - v : v;
      const from = (row * width + column) * count;
      out.set(data.subarray(from, from + count), (y * across + x) * count);
    }
  }
  return { ...channels, width: across, height: down, data: out };
}
