import type { DataSet } from 'dicom-parser';
import { decimalsOf, groupOf, itemOf, shortOf, shortsOf, textOf } from './element-values.js';
import type { Values } from './frame-samples.js';
import type { ImageLayout } from './image-layout.js';
import { lookUp, readTable, type LookupTable } from './lookup-tables.js';

type Transform = (value: number) => number;

/** The lowest and highest value of an image after the modality's transform. */
export interface Extent {
  readonly low: number;
  readonly high: number;
}

const tableTags = { descriptor: 'x00283002', data: 'x00283006' };

/**
 * The grayscale transform of PS3.3 C.11: modality LUT or rescale, VOI LUT, else the first window, else lowest to highest
 * value without padding; inverted for MONOCHROME1 or a presentation LUT shape INVERSE.
 * @param values of one sample a pixel
 * @param frame from 0: its functional groups come before the file's elements
 * @param extent of several frames that are shown alike; default: that of `values`
 * @returns 0…255 a pixel
 */
export function toGrayLevels(
  values: Values,
  { data, layout, frame, extent }: { data: DataSet; layout: ImageLayout; frame: number; extent?: Extent | undefined },
): Uint8Array {
  if (layout.bitsAllocated === 1) return Uint8Array.from(values, (value) => (value > 0 ? 255 : 0));
  const modality = modalityTransform(data, layout, frame);
  const shown =
    voiTransform(data, layout, frame) ??
    spread(extent ?? extentOf(values, { data, layout, frame }) ?? { low: 0, high: 0 });
  const isInverted = layout.photometric === 'MONOCHROME1' || textOf(data, 'x20500020') === 'INVERSE';
  return applied(values, (value) => {
    const level = shown(modality(value));
    return toLevel(isInverted ? 255 - level : level);
  });
}

/** Finite values without padding, after the modality's transform; null where all are padding. */
export function extentOf(
  values: Values,
  { data, layout, frame }: { data: DataSet; layout: ImageLayout; frame: number },
): Extent | null {
  const modality = modalityTransform(data, layout, frame);
  const isPadding = paddingOf(data, layout);
  return boundsOf(values, modality, isPadding) ?? boundsOf(values, modality, () => false);
}

/** Whether a frame is shown by its own extent, without a window or table. */
export function isShownByExtent(data: DataSet, layout: ImageLayout, frame: number): boolean {
  return layout.bitsAllocated > 1 && voiTransform(data, layout, frame) === null;
}

function boundsOf(values: Values, modality: Transform, isPadding: (value: number) => boolean): Extent | null {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (isPadding(value)) continue;
    const shown = modality(value);
    if (!Number.isFinite(shown)) continue;
    if (shown < low) low = shown;
    if (shown > high) high = shown;
  }
  return low <= high ? { low, high } : null;
}

function modalityTransform(data: DataSet, { isSigned }: ImageLayout, frame: number): Transform {
  const item = itemOf(data, 'x00283000');
  const table = item && readTable(item, tableTags, isSigned);
  if (table !== null) return (value) => lookUp(table, value);
  const group = groupOf(data, frame, 'x00289145');
  const from = decimalsOf(data, 'x00281053').length > 0 ? data : group;
  const [slope = 1] = from === null ? [] : decimalsOf(from, 'x00281053');
  const [intercept = 0] = from === null ? [] : decimalsOf(from, 'x00281052');
  return slope === 1 && intercept === 0 ? (value) => value : (value) => value * slope + intercept;
}

function voiTransform(data: DataSet, { isSigned }: ImageLayout, frame: number): Transform | null {
  const item = itemOf(data, 'x00283010');
  const table = item && readTable(item, tableTags, isSigned);
  if (table !== null) return byTable(table);
  const window = windowOf(data, frame);
  return window === null ? null : byWindow(window.center, window.width, window.kind);
}

function windowOf(data: DataSet, frame: number) {
  const group = groupOf(data, frame, 'x00289132');
  const from = group !== null && decimalsOf(group, 'x00281050').length > 0 ? group : data;
  const [[center], [width]] = [decimalsOf(from, 'x00281050'), decimalsOf(from, 'x00281051')];
  if (center === undefined || width === undefined) return null;
  return { center, width, kind: textOf(from, 'x00281056') ?? 'LINEAR' };
}

/**
 * The lowest and highest value of the window of a gray frame, after the modality's transform; null where it is shown by a
 * table, by a curve or by its own values.
 */
export function windowExtent(data: DataSet, layout: ImageLayout, frame: number): Extent | null {
  if (layout.samples !== 1 || layout.photometric === 'PALETTE COLOR' || itemOf(data, 'x00283010') !== null) return null;
  const window = windowOf(data, frame);
  if (window === null || window.kind === 'SIGMOID' || layout.bitsAllocated === 1) return null;
  const { center, width, kind } = window;
  if (kind === 'LINEAR_EXACT') return { low: center - width / 2, high: center + width / 2 };
  // PS3.3 C.11.2.1.2.1
  return { low: center - 0.5 - (width - 1) / 2, high: center - 0.5 + (width - 1) / 2 };
}

function byTable(table: LookupTable): Transform {
  const highest = 2 ** table.bits - 1;
  return (value) => (lookUp(table, value) / highest) * 255;
}

/** PS3.3 C.11.2.1.2.1 and C.11.2.1.3. */
function byWindow(center: number, width: number, kind: string): Transform {
  if (kind === 'SIGMOID') return (value) => 255 / (1 + Math.exp((-4 * (value - center)) / width));
  if (kind === 'LINEAR_EXACT') return (value) => between((value - center) / width + 0.5) * 255;
  if (width <= 1) return (value) => (value <= center - 0.5 ? 0 : 255);
  return (value) => between((value - (center - 0.5)) / (width - 1) + 0.5) * 255;
}

function spread({ low, high }: Extent): Transform {
  return high > low ? (value) => between((value - low) / (high - low)) * 255 : () => 0;
}

function between(share: number): number {
  return share > 1 ? 1 : share > 0 ? share : share <= 0 ? 0 : NaN;
}

function paddingOf(data: DataSet, { isSigned, pixelTag }: ImageLayout): (value: number) => boolean {
  if (pixelTag !== 'x7fe00010' || shortOf(data, 'x00280120') === null) return () => false;
  const [first = 0] = shortsOf(data, 'x00280120', isSigned);
  const [limit = first] = shortsOf(data, 'x00280121', isSigned);
  const [low, high] = [Math.min(first, limit), Math.max(first, limit)];
  return (value) => value >= low && value <= high;
}

/** What is no number is black. */
function toLevel(level: number): number {
  if (!(level > 0)) return 0;
  return level >= 255 ? 255 : Math.floor(level + 0.5);
}

/** Values of up to 16 bits are transformed once each. */
function applied(values: Values, transform: Transform): Uint8Array {
  if (values.BYTES_PER_ELEMENT > 2) return Uint8Array.from(values, transform);
  const levels = new Int16Array(65_536).fill(-1);
  const output = new Uint8Array(values.length);
  for (let i = 0; i < output.length; i++) {
    const value = values[i] ?? 0;
    const place = value & 0xffff;
    const known = levels[place] ?? -1;
    if (known < 0) levels[place] = output[i] = transform(value);
    else output[i] = known;
  }
  return output;
}
