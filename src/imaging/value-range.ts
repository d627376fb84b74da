import type { ValueRange } from '../domain/value-range.js';

/** Numbers of an image that are not 8-bit: whole or floating-point, of any range. */
export type Numbers =
  Uint8Array | Uint16Array | Uint32Array | Int8Array | Int16Array | Int32Array | Float32Array | Float64Array;

export type { ValueRange } from '../domain/value-range.js';

export interface Bounds {
  readonly low: number;
  readonly high: number;
}

/** Sorting more values than this would take seconds; so many, evenly spread, give the same percentiles. */
const maxSorted = 1_000_000;
/** A thousandth of the values at either end may be hot or dead pixels. */
const outliers = 0.001;

/**
 * Which values are shown as black and white, in this order: 0…65535 where 16-bit numbers fill it; a range that the file
 * itself tells; the range of the kind of number (0…1 for floating point, 0…255 for 8-bit values in wider numbers, …); the
 * values' own range. All but the last only where the values fill them: a picture of which 99.9 % lies in the lowest quarter
 * of its range would be dark. A function of the file alone, so that it always gives the same picture.
 * @param values of the colors, without transparency
 * @param fullScale highest number of the kind, where it is a whole number
 */
export function chooseRange(
  values: Numbers,
  { fullScale = null, declared = null }: { fullScale?: number | null; declared?: Bounds | null } = {},
): ValueRange {
  const { min, max, bottom, top } = spreadOf(values);
  const isFilled = ({ low, high }: Bounds): boolean =>
    low < high && bottom < high && top >= low + (high - low) / 4 && top <= high + (high - low) / 4;
  const scale = min < 0 ? undefined : scalesUpTo(fullScale).find((one) => one >= max);
  const byType: ValueRange | null =
    scale !== undefined && isFilled({ low: 0, high: scale }) ? { low: 0, high: scale, by: 'type' } : null;
  if (byType !== null && fullScale === 65_535 && byType.high === fullScale) return byType;
  if (declared !== null && isFilled(declared)) return { ...declared, by: 'file' };
  if (byType !== null) return byType;
  // The extremes belong to the picture unless they lie far outside of what nearly all values are.
  const slack = (top - bottom) / 2;
  const low = min >= bottom - slack ? min : bottom;
  const high = max <= top + slack ? max : top;
  // Where nearly all values are equal, the few others are the picture.
  return high > low ? { low, high, by: 'values' } : { low: min, high: max, by: 'values' };
}

function scalesUpTo(fullScale: number | null): readonly number[] {
  if (fullScale === null) return [1, 255, 65_535];
  return [255, 65_535, fullScale].filter((scale) => scale <= fullScale);
}

/** Spreads the values of a range over 0…255; what is no number is black. */
export function toBytes(values: Numbers, range: Bounds): Uint8Array {
  // The bytes are the values.
  if (values instanceof Uint8Array && range.low === 0 && range.high === 255) return values;
  const bytes = new Uint8Array(values.length);
  if (values instanceof Uint16Array) {
    const table = spread(
      Float64Array.from({ length: 65_536 }, (_, value) => value),
      range,
      new Uint8Array(65_536),
    );
    for (let i = 0; i < bytes.length; i++) bytes[i] = table[values[i] ?? 0] ?? 0;
    return bytes;
  }
  return spread(values, range, bytes);
}

function spread(values: Numbers, { low, high }: Bounds, bytes: Uint8Array): Uint8Array {
  // The high byte, as the documented rule of 16-bit images has it: not rounded.
  const isHighByte = low === 0 && high === 65_535;
  // An image of one value is black at 0 and gray elsewhere: it has no range to be spread.
  if (high <= low) return bytes.fill(high === 0 ? 0 : 127);
  const scale = isHighByte ? 1 / 256 : 255 / (high - low);
  const rounding = isHighByte ? 0 : 0.5;
  for (let i = 0; i < bytes.length; i++) {
    const value = ((values[i] ?? 0) - low) * scale + rounding;
    bytes[i] = value >= 255 ? 255 : value > 0 ? Math.trunc(value) : 0;
  }
  return bytes;
}

function spreadOf(values: Numbers): { min: number; max: number; bottom: number; top: number } {
  let [min, max] = [Infinity, -Infinity];
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? 0;
    // Neither is true of NaN; the infinities are told apart.
    if (value < min && value !== -Infinity) min = value;
    if (value > max && value !== Infinity) max = value;
  }
  if (min > max) return { min: 0, max: 0, bottom: 0, top: 0 };
  const sorted = sampleOf(values).sort();
  const place = Math.floor(outliers * (sorted.length - 1));
  return { min, max, bottom: sorted[place] ?? min, top: sorted[sorted.length - 1 - place] ?? max };
}

function sampleOf(values: Numbers): Float64Array {
  // An odd step runs over all columns of an image whose width is a power of two.
  const step = Math.ceil(values.length / maxSorted) | 1;
  const sample = new Float64Array(Math.ceil(values.length / step));
  let taken = 0;
  for (let i = 0; i < values.length; i += step) {
    const value = values[i] ?? 0;
    if (Number.isFinite(value)) sample[taken++] = value;
  }
  return sample.subarray(0, taken);
}
