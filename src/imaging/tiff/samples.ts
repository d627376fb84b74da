import { setImmediate } from 'node:timers/promises';
import { FigseekError, messageOf } from '../../domain/errors.js';
import { damaged, unsupported } from '../refusals.js';
import type { Bounds, Numbers } from '../value-range.js';
import type { TiffLayout } from './layout.js';
import { arrayFor, numbersOf } from './numbers.js';
import { withoutPredictor, type Rows } from './predictor.js';
import { tag, type TiffTags } from './tags.js';
import { isUnpacked, unpack } from './unpack.js';

/** Bytes of decoded numbers of one image: more would not fit beside the others' work. */
const maxBytes = 256 * 2 ** 20;

/** The strips or tiles of a page. */
interface Parts {
  readonly name: 'strip' | 'tile';
  readonly width: number;
  readonly height: number;
  readonly across: number;
  readonly down: number;
  /** 1, or one a channel where each channel is kept by itself. */
  readonly planes: number;
  /** Channels of one plane. */
  readonly channels: number;
  readonly offsets: readonly number[];
  readonly counts: readonly number[];
}

/**
 * The numbers of the first page as the file has them, interleaved: for kinds of numbers that libvips changes or refuses.
 * @throws {FigseekError} BAD_USER_INPUT for a damaged file, PAYLOAD_TOO_LARGE past 512 MB of numbers
 */
export async function readSamples(bytes: Uint8Array, layout: TiffLayout, tags: TiffTags): Promise<Numbers> {
  const predictor = tags.number(tag.predictor) ?? 1;
  const { bits } = layout;
  if (!isUnpacked(layout.compression) || (tags.number(tag.fillOrder) ?? 1) !== 1) {
    throw unsupported(`a TIFF of ${bits}-bit numbers with compression ${layout.compression}`);
  }
  if (predictor > 3 || (predictor !== 1 && bits % 8 !== 0) || (predictor === 3 && layout.numbers !== 'float')) {
    throw unsupported(`a TIFF of ${bits}-bit numbers with predictor ${predictor}`, 'save it without compression');
  }
  const parts = partsOf(layout, tags);
  validateSize(layout, parts);
  const numbers = arrayFor(layout, layout.width * layout.height * layout.samples);
  for (const [index, offset] of parts.offsets.entries()) {
    const packed = bytes.subarray(offset, offset + (parts.counts[index] ?? 0));
    const rows = unpackPart(packed, { index, parts, layout, isLittle: bytes[0] === 0x49 });
    placePart(numbers, numbersOf(withoutPredictor(rows, predictor), layout), { index, parts, layout });
    // Others of this process come between two parts.
    await setImmediate();
  }
  return numbers;
}

function partsOf({ width, height, samples }: TiffLayout, tags: TiffTags): Parts {
  const isTiled = tags.numbers(tag.tileOffsets) !== undefined;
  const partWidth = isTiled ? (tags.number(tag.tileWidth) ?? 0) : width;
  const rows = isTiled ? (tags.number(tag.tileLength) ?? 0) : Math.min(height, tags.number(tag.rowsPerStrip) ?? height);
  const isPlanar = samples > 1 && tags.number(tag.planarConfiguration) === 2;
  const parts: Parts = {
    name: isTiled ? 'tile' : 'strip',
    width: partWidth,
    height: rows,
    across: Math.ceil(width / partWidth),
    down: Math.ceil(height / rows),
    planes: isPlanar ? samples : 1,
    channels: isPlanar ? 1 : samples,
    offsets: tags.numbers(isTiled ? tag.tileOffsets : tag.stripOffsets) ?? [],
    counts: tags.numbers(isTiled ? tag.tileByteCounts : tag.stripByteCounts) ?? [],
  };
  const { name, offsets, counts, across, down, planes } = parts;
  if (offsets.length !== across * down * planes || counts.length !== offsets.length) {
    const expected = `${across * down * planes} ${name}s`;
    throw damaged('tiff', `it has ${offsets.length} offsets and ${counts.length} byte counts of ${expected}`);
  }
  return parts;
}

interface Place {
  readonly index: number;
  readonly parts: Parts;
  readonly layout: TiffLayout;
}

function unpackPart(packed: Uint8Array, place: Place & { readonly isLittle: boolean }): Rows {
  const { index, parts, layout, isLittle } = place;
  const perRow = parts.width * parts.channels;
  const rowBytes = Math.ceil((perRow * layout.bits) / 8);
  const wanted = rowBytes * (parts.name === 'tile' ? parts.height : rowsOf(place));
  try {
    const bytes = unpack(packed, layout.compression, { wanted, full: rowBytes * parts.height });
    return { bytes, perRow, channels: parts.channels, bits: layout.bits, isLittle };
  } catch (error) {
    throw damaged(
      'tiff',
      `${parts.name} ${index + 1} of ${parts.offsets.length} cannot be unpacked (${messageOf(error)})`,
    );
  }
}

/** Rows of the picture in a part; the last one has fewer. */
function rowsOf({ index, parts, layout }: Place): number {
  const row = Math.floor((index % (parts.across * parts.down)) / parts.across);
  return Math.min(parts.height, layout.height - row * parts.height);
}

function placePart(numbers: Numbers, part: Numbers, place: Place): void {
  const { index, parts, layout } = place;
  const { samples } = layout;
  const inPlane = index % (parts.across * parts.down);
  const plane = Math.floor(index / (parts.across * parts.down));
  const left = (inPlane % parts.across) * parts.width;
  const top = Math.floor(inPlane / parts.across) * parts.height;
  const columns = Math.min(parts.width, layout.width - left);
  for (let row = 0; row < rowsOf(place); row++) {
    const to = ((top + row) * layout.width + left) * samples;
    const from = row * parts.width * parts.channels;
    if (parts.planes === 1) numbers.set(part.subarray(from, from + columns * samples), to);
    else
      for (let column = 0; column < columns; column++)
        numbers[to + column * samples + plane] = part[from + column] ?? 0;
  }
}

/** The range of values that the file tells: ImageJ's display range, else the tags of lowest and highest sample. */
export function declaredRange(tags: TiffTags): Bounds | null {
  const lines = tags.description.startsWith('ImageJ=') ? tags.description.split(/[\r\n\0]+/) : [];
  const shown = (key: string) => lines.find((line) => line.startsWith(`${key}=`))?.slice(key.length + 1);
  const [min, max] = [shown('min'), shown('max')];
  if (min !== undefined && max !== undefined) return finiteBounds(Number(min), Number(max));
  const lows = tags.numbers(tag.sMinSampleValue) ?? tags.numbers(tag.minSampleValue) ?? [0];
  const highs = tags.numbers(tag.sMaxSampleValue) ?? tags.numbers(tag.maxSampleValue);
  return highs === undefined ? null : finiteBounds(Math.min(...lows), Math.max(...highs));
}

function finiteBounds(low: number, high: number): Bounds | null {
  return Number.isFinite(low) && Number.isFinite(high) ? { low, high } : null;
}

function validateSize({ width, height, bits, samples }: TiffLayout, parts: Parts): void {
  // Tiles that reach far beyond the picture are unpacked whole as well.
  const unpacked = parts.across * parts.down * parts.width * parts.height;
  const largest = Math.max(width * height, unpacked / 2) * samples * Math.ceil(bits / 8);
  if (largest <= maxBytes) return;
  throw new FigseekError(
    'PAYLOAD_TOO_LARGE',
    `Expected at most ${maxBytes / 2 ** 20} MB of pixels but the TIFF has ${Math.ceil(largest / 2 ** 20)} MB of ` +
      `${bits}-bit numbers; convert it to an 8-bit PNG`,
  );
}
